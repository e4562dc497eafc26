import { asc, eq, sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { arrive } from "#analytics/clicks/arrive.ts";
import { recordClick } from "#analytics/clicks/record.ts";
import { clickIdOf, isPrefetchToken } from "#analytics/clicks/token.ts";
import { deleteExpired } from "#api/privacy/retention.ts";
import { db } from "#db/client.ts";
import { clicks } from "#db/schema/attribution.ts";
import { visits } from "#db/schema/landings.ts";
import { leads } from "#db/schema/leads.ts";
import { get, postForm } from "../../api/requests.ts";

const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Mobile Safari/604.1";
const robot = "Mozilla/5.0 (compatible; AdsBot-Google; +http://www.google.com/adsbot.html)";
const noon = Date.parse("2026-10-05T12:00:00+09:00");

interface How {
  minute?: number;
  network?: string;
  userAgent?: string;
  isPrefetch?: boolean;
  previous?: string | undefined;
}

const land = (query: string, { minute = 0, network = "192.0.2.1", userAgent = phone, ...rest }: How = {}) =>
  recordClick(new URLSearchParams(query), {
    ...{ path: "/", userAgent, network, ...rest },
    now: new Date(noon + minute * 60_000),
  });
/** Somebody brings a token back; the id of the landing it then stands for. */
const back = async (token: string | undefined, { minute = 0, network = "192.0.2.1" }: How = {}) =>
  clickIdOf(await arrive(token ?? "", network, new Date(noon + minute * 60_000)));
const rows = () => db.select().from(clicks).orderBy(asc(clicks.landedAt));
const counted = async () => (await rows()).filter(({ crawler, prefetched }) => !crawler && !prefetched).length;

beforeEach(async () => {
  await db.delete(clicks);
  await db.delete(visits);
});

describe("a visit", () => {
  test("Back, reload and a second tab within half an hour are one landing, with one token", async () => {
    const tokens = [await land("cid=1&gid=2&kw=a"), await land("cid=1&gid=2&kw=a", { minute: 1 })];
    tokens.push(await land("cid=1&gid=2&kw=a", { minute: 29 }), await land("cid=1&gid=2&kw=a", { minute: 50 }));
    expect(new Set(tokens).size).toBe(1);
    expect(await counted()).toBe(1);
  });

  test("half an hour after its last landing begins another", async () => {
    await land("cid=1");
    await land("cid=1", { minute: 20 });
    expect(await counted()).toBe(1);
    await land("cid=1", { minute: 50 });
    expect(await counted()).toBe(2);
  });

  test.each([
    ["another campaign", "cid=2&gid=2&tid=3&cr=4&lp=5", {}],
    ["another ad group", "cid=1&gid=9&tid=3&cr=4&lp=5", {}],
    ["another target", "cid=1&gid=2&tid=9&cr=4&lp=5", {}],
    ["another creative", "cid=1&gid=2&tid=3&cr=9&lp=5", {}],
    ["another place", "cid=1&gid=2&tid=3&cr=4&lp=9", {}],
    ["another network", "cid=1&gid=2&tid=3&cr=4&lp=5", { network: "192.0.2.2" }],
    ["a click id", "cid=1&gid=2&tid=3&cr=4&lp=5&gclid=x", {}],
  ])("%s is another visit", async (_, query, how) => {
    await land("cid=1&gid=2&tid=3&cr=4&lp=5");
    await land(query, how);
    expect(await counted()).toBe(2);
  });

  test("at midnight in Tokyo the key of a network changes", async () => {
    await land("cid=1", { minute: 719 });
    await land("cid=1", { minute: 720 });
    expect(await counted()).toBe(2);
  });

  test("twenty of one moment are one landing and have one token", async () => {
    const tokens = await Promise.all(Array.from({ length: 20 }, () => land("cid=1&kw=a")));
    expect(new Set(tokens).size).toBe(1);
    expect(clickIdOf(tokens[0])).toBe((await rows())[0]?.id);
    expect(await rows()).toHaveLength(1);
  });

  test("whoever waits for another request of the same visit gets its landing", async () => {
    const first = clickIdOf(await land("cid=1"));
    const [visit] = await db.select().from(visits);
    const [row] = await rows();
    await db.delete(clicks);
    await db.delete(visits);
    let second: Promise<string | undefined> | undefined;
    await db.transaction(async (tx) => {
      await tx.insert(clicks).values(row ?? { path: "" });
      await tx.insert(visits).values(visit ?? { key: Buffer.alloc(0), clickId: "", lastAt: new Date() });
      second = land("cid=1");
      const waiting = async () => {
        const [found] = await tx.execute<{ n: number }>(sql`
          select count(*)::int as n from pg_locks where not granted and transactionid = pg_current_xact_id()::xid`);
        return found?.n;
      };
      await expect.poll(waiting).toBe(1);
    });
    expect(clickIdOf(await second)).toBe(first);
    expect(await counted()).toBe(1);
  });

  test("a landing that was deleted meanwhile gives its visit to the next one", async () => {
    await land("cid=1");
    await db.delete(clicks);
    const token = await land("cid=1", { minute: 1 });
    expect(clickIdOf(token)).toBe((await rows())[0]?.id);
  });

  test("who came is deleted after a day", async () => {
    await land("cid=1");
    await deleteExpired(new Date(noon + 25 * 3_600_000));
    expect(await db.select().from(visits)).toEqual([]);
    expect(await counted()).toBe(1);
  });

  test("a landing knows the first one of the chain of tokens it carried", async () => {
    const first = clickIdOf(await land("cid=1"));
    const second = clickIdOf(await land("cid=2", { minute: 40, previous: first }));
    await land("cid=3", { minute: 80, previous: second });
    expect((await rows()).map(({ firstId }) => firstId)).toEqual([null, first, first]);
  });
});

describe("a page that a browser fetches ahead", () => {
  const ahead = { "user-agent": phone };
  const linkIn = (html: string) => /href="\/consultation\?c=([\w-]{43})/u.exec(html)?.[1] ?? "";

  test.each([
    ["sec-purpose", "prefetch"],
    ["sec-purpose", "prefetch;prerender"],
    ["sec-purpose", "prefetch;anonymous-client-ip"],
    ["purpose", "prefetch"],
    ["x-purpose", "preview"],
    ["x-moz", "prefetch"],
  ])("%s: %s is no landing, and becomes one when its link is followed, once", async (name, value) => {
    const page = await get("/?cid=1&kw=a", { headers: { ...ahead, [name]: value } });
    const token = linkIn(await page.text());
    expect(isPrefetchToken(token)).toBe(true);
    expect(await counted()).toBe(0);
    const next = await get(`/guides?c=${token}`, { headers: ahead });
    expect(await counted()).toBe(1);
    const [row] = await rows();
    expect(Date.now() - (row?.landedAt.getTime() ?? 0)).toBeLessThan(60_000);
    const after = /c=([\w-]{43})/u.exec(await next.text())?.[1];
    expect(clickIdOf(after)).toBe(row?.id);
    expect(isPrefetchToken(after ?? "")).toBe(false);
    await get(`/about?c=${token}`, { headers: ahead });
    expect(await rows()).toEqual([row]);
  });

  test("following its link ahead, once more, is no landing either", async () => {
    const headers = { ...ahead, "sec-purpose": "prefetch" };
    const token = linkIn(await (await get("/?cid=1", { headers })).text());
    await get(`/consultation?c=${token}`, { headers });
    expect(await counted()).toBe(0);
  });

  test("a form sent from it is a landing, and its consultation belongs to it", async () => {
    const page = await get("/?cid=1", { headers: { ...ahead, "sec-purpose": "prefetch" } });
    const token = linkIn(await page.text());
    const fields = { message: "長い入院です。", reply_by: "none", consent: "true" };
    const answer = await postForm(`/consultation?c=${token}`, fields, { headers: ahead });
    expect(answer.status).toBe(303);
    await expect.poll(counted).toBe(1);
    const [lead] = await db
      .select()
      .from(leads)
      .where(eq(leads.clickId, clickIdOf(token) ?? ""));
    expect(lead).toBeDefined();
  });

  test("the same click asked for by a person is a landing", async () => {
    await land("gclid=a", { isPrefetch: true });
    expect(await counted()).toBe(0);
    const token = await land("gclid=a", { minute: 3 });
    expect(await rows()).toMatchObject([{ prefetched: false, landedAt: new Date(noon + 180_000) }]);
    expect(isPrefetchToken(token ?? "")).toBe(false);
    await land("gclid=a", { minute: 5, isPrefetch: true });
    expect(await rows()).toMatchObject([{ prefetched: false, landedAt: new Date(noon + 180_000) }]);
  });

  test("without a click id, a person who comes after it is a landing of their own", async () => {
    await land("cid=1&kw=a", { isPrefetch: true });
    await land("cid=1&kw=a", { minute: 3 });
    expect(await counted()).toBe(1);
  });

  const ad = "cid=1&gid=2&kw=a";

  test("without a click id, brought back and then reloaded, it is one landing", async () => {
    const copy = await land(ad, { isPrefetch: true });
    const landing = await back(copy, { minute: 1 });
    const reloaded = [await land(ad, { minute: 2 }), await land(ad, { minute: 31 }), await land(ad, { minute: 60 })];
    expect(reloaded.map(clickIdOf)).toEqual([landing, landing, landing]);
    expect(await counted()).toBe(1);
    await land(ad, { minute: 90 });
    expect(await counted()).toBe(2);
  });

  test("without a click id, reloaded and then brought back, it is one landing, whose token it gets", async () => {
    const copy = await land(ad, { isPrefetch: true });
    const landing = clickIdOf(await land(ad, { minute: 1 }));
    expect(await back(copy, { minute: 2 })).toBe(landing);
    expect(await back(copy, { minute: 31 })).toBe(landing);
    expect(await counted()).toBe(1);
    expect(await back(copy, { minute: 61 })).toBe(clickIdOf(copy));
    expect(await counted()).toBe(2);
  });

  test("without a click id, two copies in two tabs are one landing", async () => {
    const copies = [await land(ad, { isPrefetch: true }), await land(ad, { isPrefetch: true })];
    const first = await back(copies[1]);
    expect(await back(copies[0], { minute: 1 })).toBe(first);
    expect(await back(copies[1], { minute: 1 })).toBe(first);
    expect(await counted()).toBe(1);
  });

  test("whoever brings it back is the visitor, not the proxy that fetched it ahead", async () => {
    const copies = [
      await land(ad, { isPrefetch: true, network: "203.0.113.1" }),
      await land(ad, { isPrefetch: true, network: "203.0.113.1" }),
    ];
    const [first, second] = [await back(copies[0]), await back(copies[1], { network: "192.0.2.2" })];
    expect(first).not.toBe(second);
    expect(clickIdOf(await land(ad, { minute: 1 }))).toBe(first);
    expect(clickIdOf(await land(ad, { minute: 1, network: "192.0.2.2" }))).toBe(second);
    expect(await counted()).toBe(2);
  });

  test("a form sent from a copy belongs to the landing of the other tab", async () => {
    const network = "192.0.2.9";
    const token = await land("cid=1", { isPrefetch: true, network });
    const now = new Date();
    const other = await recordClick(new URLSearchParams("cid=1"), { path: "/", userAgent: phone, network, now });
    const fields = { message: "長い入院です。", reply_by: "none", consent: "true" };
    const answer = await postForm(`/consultation?c=${token}`, fields, { headers: ahead, from: network });
    expect(answer.status).toBe(303);
    expect(await db.$count(leads, eq(leads.clickId, clickIdOf(other) ?? ""))).toBe(1);
    expect(await counted()).toBe(1);
  });

  test("a person's landing is one whatever crawlers and prefetches came before and after", async () => {
    const who = fc.constantFrom("person", "crawler", "ahead");
    await fc.assert(
      fc.asyncProperty(fc.array(who, { minLength: 1, maxLength: 6 }), async (order) => {
        await db.delete(clicks);
        for (const [minute, one] of order.entries())
          await land("gclid=A", { minute, userAgent: one === "crawler" ? robot : phone, isPrefetch: one === "ahead" });
        const first = order.indexOf("person");
        const [row, ...others] = await rows();
        expect(others).toEqual([]);
        expect(row?.crawler).toBe(order.every((one) => one === "crawler"));
        expect(row?.prefetched).toBe(first < 0 && order.includes("ahead"));
        if (first >= 0) expect(row?.landedAt).toEqual(new Date(noon + first * 60_000));
      }),
      { numRuns: 60 },
    );
  });

  test("nobody's copy is deleted after a day, a landing and what a request belongs to are not", async () => {
    const token = await land("cid=1&kw=a", { isPrefetch: true });
    await land("cid=1&kw=b", { isPrefetch: true });
    const clickId = clickIdOf(await land("cid=1&kw=c", { isPrefetch: true })) ?? "";
    await db.insert(leads).values({ kind: "download", channel: "form", clickId });
    await arrive(token ?? "", "192.0.2.1", new Date(noon));
    await deleteExpired(new Date(noon + 25 * 3_600_000));
    expect((await rows()).map(({ keyword }) => keyword).toSorted()).toEqual(["a", "c"]);
  });
});

describe("an advertisement that leads to a missing page", () => {
  test("is recorded with its path, and its links carry the token", async () => {
    const answer = await get("/no-such-page?cid=1&kw=a", { headers: { "user-agent": phone } });
    expect(answer.status).toBe(404);
    const [row] = await rows();
    expect(row).toMatchObject({ path: "/no-such-page", missingPage: true, keyword: "a" });
    expect(clickIdOf(/c=([\w-]{43})/u.exec(await answer.text())?.[1])).toBe(row?.id);
  });

  test("of the staff area and the API nothing is recorded", async () => {
    for (const path of ["/staff/none?cid=1", "/api/none?cid=1", "/u/none?cid=1"])
      await get(path, { headers: { "user-agent": phone } });
    expect(await rows()).toEqual([]);
  });
});
