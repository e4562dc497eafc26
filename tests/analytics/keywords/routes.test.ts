import { eq } from "drizzle-orm";
import { Hono } from "hono";
import { beforeAll, expect, test } from "vitest";
import type { AppEnv } from "#api/http/context.ts";
import { keywordRoutes } from "#api/keywords/routes.ts";
import type { Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { Forbidden, Invalid } from "#db/errors.ts";
import { auditEvents, staff } from "#db/schema/staff.ts";
import { analyst, landed, wrote } from "../fixtures.ts";

/** The route as the house mounts it, with somebody signed in. */
const signedIn = (who: Staff) =>
  new Hono<AppEnv>()
    .use((c, next) => {
      c.set("staff", who);
      return next();
    })
    .route("/", keywordRoutes)
    .onError((error, c) => {
      if (error instanceof Invalid) return c.json(error.errors, 422);
      return c.text(error.name, error instanceof Forbidden ? 403 : 500);
    });

const exports = () => db.select().from(auditEvents).where(eq(auditEvents.action, "export"));

beforeAll(async () => {
  await db.insert(staff).values(analyst);
  await wrote("2026-10-02", await landed("2026-10-01", { keyword: "院内学級", matchType: "exact" }));
});

test("the table comes as a file named after its period, and leaves an audit line", async () => {
  const answer = await signedIn(analyst).request("/staff/keywords.csv?from=2026-10-01&to=2026-10-31");
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  expect(answer.headers.get("content-disposition")).toBe('attachment; filename="keywords-2026-10-01-2026-10-31.csv"');
  expect(answer.headers.get("cache-control")).toBe("no-store");
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  expect(bytes.toString("utf8").split("\r\n")[1]).toBe(
    ",,院内学級,完全一致,,,1,0,0,0,1,0,1,1,,,,,,件数が少なく、まだ言えません,,,この期間の費用のファイルにないキーワードです。",
  );
  expect(await exports()).toMatchObject([{ staffId: analyst.id, detail: { from: "2026-10-01", to: "2026-10-31" } }]);
});

test("a day that does not exist is answered with its sentence, and nothing leaves", async () => {
  const before = (await exports()).length;
  const answer = await signedIn(analyst).request("/staff/keywords.csv?from=2026-09-31&to=2026-10-31");
  expect(answer.status).toBe(422);
  expect(await answer.json()).toEqual({ from: "開始日の「2026年9月31日」という日付はありません。" });
  expect(await exports()).toHaveLength(before);
});

test("the file is of the view: grouping, search and order, all rows, with the compared period", async () => {
  for (const at of ["2026-09-02", "2026-10-02", "2026-10-03"]) await landed(at, { keyword: "ほか", device: "m" });
  const query = "from=2026-10-01&to=2026-10-31&by=device&compare=previous&sort=landings&page=7";
  const answer = await signedIn(analyst).request(`/staff/keywords.csv?${query}`);
  const [heading = "", ...lines] = (await answer.text()).trimEnd().split("\r\n");
  expect(heading.split(",").slice(0, 4)).toEqual(["端末", "表示回数", "広告のクリック数", "着地数"]);
  expect(heading).toContain(",着地数（前の期間）,");
  const at = heading.split(",").indexOf("着地数（前の期間）");
  expect(lines.map((line) => [0, 3, at].map((cell) => line.split(",")[cell]))).toEqual([
    ["スマートフォン", "2", "1"],
    ["端末の情報なし", "1", ""],
  ]);
});

test.each(["by=family", "sort=cost;drop", "dir=up", "compare=1", "unit=day", "page=0", `q=${"あ".repeat(101)}`])(
  "%s is refused with a sentence, and nothing leaves",
  async (query) => {
    const before = (await exports()).length;
    const answer = await signedIn(analyst).request(`/staff/keywords.csv?${query}`);
    expect(answer.status).toBe(422);
    expect(Object.values((await answer.json()) as object)).toEqual([expect.stringMatching(/。$/u)]);
    expect(await exports()).toHaveLength(before);
  },
);

test("a coordinator may not take it", async () => {
  const before = (await exports()).length;
  const answer = await signedIn({ ...analyst, role: "coordinator" }).request("/staff/keywords.csv");
  expect(answer.status).toBe(403);
  expect(await exports()).toHaveLength(before);
});
