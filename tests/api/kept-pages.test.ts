/** The page that a sent form leads to has an address: what it shows is sealed under it, for an hour, and gone on sending. */

import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { deleteKeptPages } from "#api/kept-pages/delete.ts";
import { db } from "#db/client.ts";
import { keptPages } from "#db/schema/kept-pages.ts";
import { codes } from "#db/terms/codes.ts";
import { locale } from "#db/terms/locale.ts";
import { pathIn, wordsIn } from "#db/words/words.ts";
import { elements, withoutReadings } from "../site/html.ts";
import { ask, asProgram, everything, type Fields, get, postForm, postJson, rowCounts } from "./requests.ts";

const canary = "カナリヤ、だれにも言えない話です。";
const said = { message: canary, reply_by: "none", consent: "true" };

let keys = 0;
const newKey = () => `mwp0000z-kept-${String(++keys).padStart(6, "0")}`;

/** As a browser posts, which is told where to go. */
async function post(
  path: string,
  fields: Fields,
  from?: string,
): Promise<{ status: number; location: string; answer: Response }> {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(fields))
    for (const one of [value].flat()) body.append(name, one as string);
  const answer = await ask(path, { method: "POST", headers: { accept: "text/html" }, body }, from);
  return { status: answer.status, location: answer.headers.get("location") ?? "", answer };
}

const show = async (path: string) => {
  const answer = await get(path, { headers: { accept: "text/html" } });
  return { status: answer.status, headers: answer.headers, html: withoutReadings(await answer.text()) };
};

const kept = (form: string) => new RegExp(`^${form}/kept/[\\w-]{43}(?:\\?.*)?$`, "u");

describe.each(codes(locale).map((spoken) => [spoken, pathIn(spoken, "/consultation")] as const))(
  "in %s",
  (spoken, form) => {
    test("a refused form leads to its page at 422, again and again; the checked one to 200", async () => {
      const refused = await post("/consultation/check", { ...said, consent: "", locale: spoken });
      expect([refused.status, refused.location]).toEqual([303, expect.stringMatching(kept(form))]);
      for (let reload = 0; reload < 2; reload++) {
        const { status, html, headers } = await show(refused.location);
        expect([status, headers.get("cache-control"), headers.getSetCookie()]).toEqual([422, "no-store", []]);
        expect(html).toContain(canary);
        expect(html).toContain(wordsIn(spoken).errors.consentMissing);
        expect(html).toContain('content="noindex, nofollow"');
      }
      const checked = await post("/consultation/check", { ...said, locale: spoken });
      const { status, html } = await show(checked.location);
      expect([status, html.includes(canary), html.includes(wordsIn(spoken).form.check.send)]).toEqual([
        200,
        true,
        true,
      ]);
      const changed = await post("/consultation/change", { ...said, locale: spoken });
      expect((await show(changed.location)).html).toContain(`${canary}</textarea>`);
    });
  },
);

test("nothing in the database opens what was typed: neither the vault's key nor the hash of the address", async () => {
  const { location } = await post("/consultation/check", said);
  const token = /kept\/([\w-]+)/u.exec(location)?.[1] ?? "";
  const tables = await everything();
  expect(tables.includes(canary) || tables.includes(token)).toBe(false);
  expect((await show(location.replace(token, `${token.slice(0, -2)}AA`))).status).toBe(303);
  // Below another form's address it is nobody's page.
  expect((await show(`/newsletter/kept/${token}`)).status).toBe(303);
});

test("sending deletes what was kept of this form, of every refusal before, and of no other", async () => {
  const key = newKey();
  const fields = { ...said, key };
  const other = await post("/consultation/check", { ...said, key: newKey() });
  const before = [
    await post("/consultation/check", { ...fields, consent: "" }),
    await post("/consultation/check", fields),
    await post("/consultation/change", fields),
  ];
  const sent = await post("/consultation?send", fields);
  expect([sent.status, sent.location.startsWith("/consultation/receipt/")]).toEqual([303, true]);
  for (const { location } of before) {
    const { status, headers } = await show(location);
    expect([status, headers.get("location")]).toEqual([303, "/consultation?lost"]);
  }
  expect((await show(other.location)).status).toBe(200);
});

test("after an hour it is gone, and so is its row", async () => {
  const { location } = await post("/newsletter", { email: "x", key: newKey() });
  expect(location).toMatch(kept("/newsletter"));
  const { html, status } = await show(location);
  expect([status, elements(html, "input").find(({ name }) => name === "email")?.["value"]]).toEqual([422, "x"]);
  const [{ minutes } = { minutes: 0 }] = await db.execute<{ minutes: number }>(
    sql`select extract(epoch from max(expires_at) - now()) / 60 as minutes from kept_pages`,
  );
  expect(Number(minutes)).toBeGreaterThan(50);
  expect(Number(minutes)).toBeLessThanOrEqual(55);
  await db.update(keptPages).set({ expiresAt: sql`now() - interval '1 second'` });
  expect((await show(location)).headers.get("location")).toBe("/newsletter?lost");
  await deleteKeptPages();
  expect((await rowCounts())["kept_pages"]).toBeUndefined();
});

test("a network that has a hundred gets its words in the answer itself", async () => {
  const from = "198.51.100.7";
  const first = await post("/consultation/check", said, from);
  await db.execute(sql`
    insert into kept_pages (token_hash, body, network, expires_at)
    select sha256(n::text::bytea), '', (select network from kept_pages limit 1), now() + interval '1 hour'
    from generate_series(1, 99) n`);
  expect(first.status).toBe(303);
  const { status, answer } = await post("/consultation/check", said, from);
  expect([status, (await answer.text()).includes(canary)]).toEqual([200, true]);
  const refused = await post("/consultation/check", { ...said, consent: "" }, from);
  expect([refused.status, (await refused.answer.text()).includes(canary)]).toEqual([422, true]);
  expect((await post("/consultation/check", said)).status).toBe(303);
  await db.delete(keptPages);
});

test("programs are answered at once, and keep nothing", async () => {
  const before = await rowCounts();
  expect((await postJson("/api/consultations", { message: canary })).status).toBe(422);
  expect((await postForm("/consultation/check", { message: canary }, { headers: asProgram })).status).toBe(422);
  expect(await rowCounts()).toEqual(before);
});

test("a click token and readings over words go on with the page", async () => {
  const token = "A".repeat(43);
  const { location } = await post(`/consultation/check?furigana&c=${token}`, { ...said, consent: "" });
  expect(new URL(location, "http://x").searchParams.get("c")).toBe(token);
  expect(await (await get(location)).text()).toContain("<rt");
});

test("an open correspondence has an address until its reader closes it", async () => {
  const sent = await post("/consultation?send", { ...said, reply_by: "email", email: "hana@example.jp" });
  const receipt = (await show(sent.location)).html;
  const reference = /<strong[^>]*>([2-9A-Z]{4}-[2-9A-Z]{4})<\/strong>/u.exec(receipt)?.[1] ?? "";
  const code = /class="characters[^>]*>\s*<strong[^>]*>([^<]+)/u.exec(receipt)?.[1] ?? "";
  const opened = await post("/consultation/return", { reference, code });
  expect([opened.status, opened.location]).toEqual([303, expect.stringMatching(kept("/consultation/return"))]);
  const { html, status } = await show(opened.location);
  expect([status, html.includes(canary)]).toEqual([200, true]);
  const pass = /name="pass" value="([^"]+)"/u.exec(html)?.[1] ?? "";
  const key = newKey();
  const empty = await post("/consultation/return/messages", { pass, message: "" });
  expect([(await show(empty.location)).status, (await everything()).includes(canary)]).toEqual([422, false]);
  const long = await post("/consultation/return/messages", { pass, key, message: "あ".repeat(4001) });
  expect((await show(long.location)).html).toContain("あああ");
  const more = await post("/consultation/return/messages", { pass, key, message: "書き足します。" });
  expect((await show(more.location)).html).toContain("書き足します。");
  // What was refused is gone with the sending; what was only read can still be gone back to.
  expect((await show(long.location)).headers.get("location")).toBe("/consultation/return?lost");
  expect((await show(opened.location)).html).toContain("書き足します。");
  const closed = await post("/consultation/return/close", { pass });
  expect([closed.status, closed.location]).toEqual([303, "/consultation/return?lost"]);
  for (const { location } of [opened, empty, more])
    expect((await show(location)).headers.get("location")).toBe("/consultation/return?lost");
});
