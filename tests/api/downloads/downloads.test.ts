import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { eq, sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { firstOrNotFound } from "#db/errors.ts";
import { clicks } from "#db/schema/attribution.ts";
import { downloadGrants } from "#db/schema/guides.ts";
import { leads } from "#db/schema/leads.ts";
import { deliveries, subscriptions } from "#db/schema/mail.ts";
import { hashToken, tokenForId } from "#db/vault/tokens.ts";
import { overtaken } from "../../locks.ts";
import { elements, words } from "../../site/html.ts";
import { app, ask, everything, get, postForm, postJson, rowCounts } from "../requests.ts";

const path = "/api/downloads";
const guide = "learning-in-hospital";
const asked = { email: "hana@example.jp", guide };
/** What browsers add when a person goes to a page. */
const opens = { "sec-fetch-mode": "navigate" };
const phone = {
  ...opens,
  "user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 Safari/604.1",
};

interface Link {
  link: string;
  expires_at: string;
}

async function linkFor(body: object, headers: Record<string, string> = {}): Promise<string> {
  const answer = await postJson(path, body, { headers });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as Link).link.replace(env.PUBLIC_ORIGIN, "");
}

const tokenIn = (link: string) => link.split("/").at(-1) ?? "";

async function grantOf(link: string) {
  const tokenHash = createHash("sha256").update(tokenIn(link)).digest();
  const [row] = await db.select().from(downloadGrants).where(eq(downloadGrants.tokenHash, tokenHash));
  if (!row) throw new Error("no grant for this link");
  return row;
}

describe("asking for a guide", () => {
  test("answers with a link that works for a fortnight, and queues the same by mail", async () => {
    const answer = await postJson(path, asked);
    const { link, expires_at } = (await answer.json()) as Link;
    const grant = await grantOf(link);
    expect(link).toBe(`${env.PUBLIC_ORIGIN}/d/${tokenForId("download", grant.id)}`);
    expect(expires_at).toBe(grant.expiresAt.toISOString());
    const days = (grant.expiresAt.getTime() - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(14);
    const mails = await db.select().from(deliveries).where(eq(deliveries.grantId, grant.id));
    expect(mails.map(({ kind, state, leadId }) => [kind, state, leadId])).toEqual([
      ["guide_link", "queued", grant.leadId],
    ]);
  });

  test("leaves neither the address nor the link readable in any table", async () => {
    const link = await linkFor({ ...asked, email: "Kanariya.Canary@example.jp" });
    const stored = (await everything()).toLowerCase();
    for (const secret of ["kanariya", tokenIn(link)]) {
      const hex = [secret, "Kanariya"].map((word) => Buffer.from(word).toString("hex"));
      for (const form of [secret.toLowerCase(), ...hex]) expect(stored.includes(form)).toBe(false);
    }
  });

  test("as a form it leads to a page with the very link", async () => {
    const answer = await postForm(`/guides/${guide}`, { ...asked });
    expect(answer.status).toBe(303);
    const html = await (await app.request(answer.headers.get("location") ?? "")).text();
    const links = elements(html, "a")
      .map(({ href = "" }) => href)
      .filter((href) => href.startsWith("/d/"));
    expect(links).toHaveLength(1);
    await grantOf(links[0] ?? "");
    expect(words(html)).toContain("example.jp");
  });

  test("a refused form comes back with what was typed", async () => {
    const answer = await postForm(`/guides/${guide}`, { email: "hana@", guide, newsletter: "true" });
    const inputs = elements(await answer.text(), "input");
    expect(answer.status).toBe(422);
    expect(inputs.find(({ name }) => name === "email")?.["value"]).toBe("hana@");
    expect(inputs.filter((tag) => "checked" in tag).map(({ name }) => name)).toEqual(["newsletter"]);
  });

  test.each([
    ["an unknown guide", { ...asked, guide: "nothing" }, 404, undefined],
    ["no address", { guide }, 422, ["email"]],
    ["two addresses", { ...asked, email: "a@example.jp, b@example.jp" }, 422, ["email"]],
    ["no guide", { email: "hana@example.jp" }, 422, ["guide"]],
    [
      "an unknown field and an odd newsletter box",
      { ...asked, newsletter: "perhaps", page: 1 },
      422,
      ["newsletter", "page"],
    ],
  ])("%s: refused, and nothing stays", async (_, body, status, fields) => {
    const before = await rowCounts();
    const answer = await postJson(path, body);
    const { errors } = (await answer.json()) as { errors?: object };
    expect([answer.status, errors && Object.keys(errors)]).toEqual([status, fields]);
    expect(await rowCounts()).toEqual(before);
  });

  test.each(["nothing", "..%2f..%2fstaff%2fpeople", "..%2F..%2F%2Fevil.example", "%00", "%E3%81"])(
    "a form sent to /guides/%s finds no page to come back to",
    async (slug) => {
      const answer = await postForm(`/guides/${slug}`, { email: "", guide });
      expect([404, 422]).toContain(answer.status);
      expect(await answer.text()).not.toContain("職員");
    },
  );

  test("the same request again gets the same link; other words under its key are refused", async () => {
    const headers = { "idempotency-key": randomUUID() };
    const links = await Promise.all(Array.from({ length: 10 }, () => linkFor(asked, headers)));
    expect(new Set(links).size).toBe(1);
    const answer = await postJson(path, { ...asked, email: "other@example.jp" }, { headers });
    expect([answer.status, ((await answer.json()) as { errors: object }).errors]).toEqual([
      422,
      { key: expect.any(String) },
    ]);
  });

  test("the same request again, while the first is erased, is a new one", async () => {
    const headers = { "idempotency-key": randomUUID() };
    const first = await linkFor(asked, headers);
    const erased = eq(downloadGrants.tokenHash, hashToken(tokenIn(first)));
    const { leadId } = firstOrNotFound(await db.select().from(downloadGrants).where(erased));
    const second = await overtaken(
      (tx) => tx.select().from(leads).where(eq(leads.id, leadId)).for("update"),
      (tx) => tx.update(leads).set({ idempotencyHmac: null, bodyHmac: null }).where(eq(leads.id, leadId)),
      () => linkFor(asked, headers),
    );
    expect(second).not.toBe(first);
    expect(await linkFor(asked, headers)).toBe(second);
  });

  test("a key that a request for help used already is no reason to refuse", async () => {
    const headers = { "idempotency-key": randomUUID() };
    const help = { message: "話を聞いてください。", reply_by: "none", consent: true };
    expect((await postJson("/api/consultations", help, { headers })).status).toBe(201);
    await linkFor(asked, headers);
    const other = { "idempotency-key": randomUUID() };
    await linkFor(asked, other);
    expect((await postJson("/api/consultations", help, { headers: other })).status).toBe(201);
  });

  test("a network's allowance ends with 429 and leaves nothing behind", async () => {
    const usual = env.INTAKE_PER_MINUTE;
    env.INTAKE_PER_MINUTE = 1;
    try {
      const answers = await Promise.all([1, 2, 3].map(() => postJson(path, asked, { from: "203.0.113.9" })));
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused.length).toBeGreaterThan(0);
      expect(refused[0]?.headers.get("retry-after")).toMatch(/^\d+$/u);
    } finally {
      env.INTAKE_PER_MINUTE = usual;
    }
  });

  test("is tied to the advertisement it came from", async () => {
    const [click] = await db.insert(clicks).values({ path: "/" }).returning();
    const link = await linkFor({ ...asked, c: tokenForId("click", click?.id ?? "") });
    const [lead] = await db
      .select()
      .from(leads)
      .where(eq(leads.id, (await grantOf(link)).leadId));
    expect([lead?.kind, lead?.clickId]).toEqual(["download", click?.id]);
  });

  test("asks for the newsletter only when the box was ticked", async () => {
    await linkFor({ ...asked, newsletter: false });
    await linkFor(asked);
    expect(await db.select().from(subscriptions)).toEqual([]);
    await linkFor({ ...asked, newsletter: true });
    const found = await db.select().from(subscriptions);
    expect(found.map(({ state, form }) => [state, form])).toEqual([["pending", `/guides/${guide}`]]);
  });
});

describe("the link", () => {
  const file = readFileSync(new URL(`../../../site/content/guides/${guide}.pdf`, import.meta.url));

  test("gives the file under its Japanese name, however often it is opened, and counts people alone", async () => {
    const link = await linkFor(asked);
    const visits: [string, Record<string, string>, number][] = [
      ["HEAD", phone, 0],
      ["GET", { ...opens, "user-agent": "Googlebot/2.1 (+http://www.google.com/bot.html)" }, 0],
      ["GET", { ...opens, "user-agent": "Mozilla/5.0 (compatible; bingbot/2.0)" }, 0],
      // A mail scanner under the name of a browser, and a browser that looks ahead.
      ["GET", { "user-agent": phone["user-agent"] }, 0],
      ["GET", { ...phone, "sec-purpose": "prefetch" }, 0],
      ["GET", phone, 1],
      ["GET", phone, 2],
      ["HEAD", phone, 2],
    ];
    for (const [method, headers, counted] of visits) {
      const answer = await get(link, { method, headers });
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        "content-type": "application/pdf",
        "content-length": String(file.length),
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "x-robots-tag": "noindex",
      });
      const name = /^attachment; filename="([\w.]+)"; filename\*=UTF-8''([\w!#$&+\-.^`|~%]+)$/u.exec(
        answer.headers.get("content-disposition") ?? "",
      );
      expect(decodeURIComponent(name?.[2] ?? "")).toMatch(/[ぁ-ん].*\.pdf$|[一-龠].*\.pdf$/u);
      expect(Buffer.from(await answer.arrayBuffer()).equals(method === "GET" ? file : Buffer.alloc(0))).toBe(true);
      const grant = await grantOf(link);
      expect([method, grant.downloads, grant.firstDownloadedAt === null]).toEqual([method, counted, counted === 0]);
    }
  });

  test("remembers the first download", async () => {
    const link = await linkFor(asked);
    await get(link, { headers: phone });
    const first = (await grantOf(link)).firstDownloadedAt;
    await get(link, { headers: phone });
    expect((await grantOf(link)).firstDownloadedAt).toEqual(first);
  });

  test("past its date is gone, for people and programs, and counts nothing", async () => {
    const link = await linkFor(asked);
    const { id } = await grantOf(link);
    await db
      .update(downloadGrants)
      .set({ expiresAt: sql`now() - interval '1 second'` })
      .where(eq(downloadGrants.id, id));
    const page = await get(link, { headers: phone });
    expect([page.status, page.headers.get("content-type")]).toEqual([410, "text/html; charset=utf-8"]);
    expect(words(await page.text())).toContain("表示できる期間が過ぎています");
    expect((await get(`/guides/received/${tokenIn(link)}`)).status).toBe(410);
    expect((await grantOf(link)).downloads).toBe(0);
  });

  test("altered or invented opens nothing", async () => {
    const token = tokenIn(await linkFor(asked));
    const others = [...token].map(
      (letter, at) => token.slice(0, at) + (letter === "A" ? "B" : "A") + token.slice(at + 1),
    );
    const other = [...others, `${token}=`, token.slice(0, -1), "x", "%00", "..%2f..%2fvault.key", "%E3%81"];
    for (const tried of other) expect([tried, (await get(`/d/${tried}`)).status]).toEqual([tried, 404]);
  });

  test("only answers to being fetched", async () => {
    const link = await linkFor(asked);
    for (const method of ["POST", "PUT", "DELETE", "PATCH"]) expect((await ask(link, { method })).status).toBe(405);
  });
});
