import { asc, sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { attributionOf, isLanding } from "#analytics/clicks/attribution.ts";
import { landingOutcomes } from "#analytics/clicks/outcomes.ts";
import { recordClick, warmUpClicks } from "#analytics/clicks/record.ts";
import { clickIdOf } from "#analytics/clicks/token.ts";
import { db, transaction } from "#db/client.ts";
import { clicks } from "#db/schema/attribution.ts";
import { visits } from "#db/schema/landings.ts";
import { tokenForId } from "#db/vault/tokens.ts";

const phone =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile Safari/604.1";
const robot = "Mozilla/5.0 (compatible; AdsBot-Google; +http://www.google.com/adsbot.html)";
const read = (query: string) => {
  const found = attributionOf(new URLSearchParams(query));
  // Without the absent fields, so that a whole expectation stays readable; what an advertisement is has a table of its own.
  return found && JSON.parse(JSON.stringify({ ...found, isAdvertisement: undefined }));
};

describe("reading a landing's URL", () => {
  test("the recommended suffix is read field by field", () => {
    expect(
      read("cid=11&gid=22&tid=kwd-311000000001&kw=長期療養+子ども&mt=p&nw=g&dv=m&cr=33&lp=1009461&gclid=Abc_1"),
    ).toEqual({
      clickKey: "gclid:Abc_1",
      extras: {},
      campaignId: "11",
      adGroupId: "22",
      targetId: "kwd-311000000001",
      keyword: "長期療養 子ども",
      matchType: "phrase",
      network: "g",
      device: "m",
      creative: "33",
      location: "1009461",
    });
  });

  test("a page without advertising parameters has no attribution", () => {
    expect(read("")).toBeUndefined();
    expect(read("page=2&c=abc&CID=1")).toBeUndefined();
  });

  test.each([
    ["kw=", "empty"],
    ["kw=%20%00", "empty"],
    ["kw={keyword}", "literal"],
    ["kw=%257Bkeyword%257D", "literal"],
    ["kw={keyword:子ども}", "literal"],
    ["gad_source=1", "absent"],
    ["utm_term=", "absent"],
    ["utm_term={keyword}", "literal"],
    ["kw=&utm_term=長期入院", "empty"],
  ])("without a keyword, %s has the reason %s", (query, reason) => {
    expect(read(query).keywordMissing).toBe(reason);
    expect(read(query).keyword).toBeUndefined();
  });

  test("utm_term stands for the keyword only where kw is absent", () => {
    expect(read("utm_term=長期入院&utm_source=yahoo&utm_medium=cpc&utm_campaign=A&utm_content=B")).toEqual({
      extras: {},
      keyword: "長期入院",
      utmTerm: "長期入院",
      utmSource: "yahoo",
      utmMedium: "cpc",
      utmCampaign: "A",
      utmContent: "B",
    });
    expect(read("kw=院内学級&utm_term=長期入院").keyword).toBe("院内学級");
  });

  test("only ids that name one click become its key; the others are kept beside it, case and all", () => {
    expect(read("gbraid=0AAb&wbraid=CiAx&gad_source=1&gad_campaignid=99")).toEqual({
      extras: { gbraid: "0AAb", wbraid: "CiAx", gad_source: "1", gad_campaignid: "99" },
      keywordMissing: "absent",
    });
    expect(read("yclid=YSS.1").clickKey).toBe("yclid:YSS.1");
    expect(read("msclkid=ab").clickKey).toBe("msclkid:ab");
    expect(read("gclid=ＡＢ").clickKey).toBe("gclid:ＡＢ");
    expect(read("gclid=&yclid=YSS.1").clickKey).toBe("yclid:YSS.1");
    expect(read(`gclid=${"x".repeat(201)}`).clickKey).toBeUndefined();
  });

  test("the cheap test and the reading agree on what is a landing", () => {
    const names = fc.constantFrom("cid", "kw", "gclid", "gbraid", "utm_source", "c", "CID", "page", "");
    fc.assert(
      fc.property(fc.array(fc.tuple(names, fc.string())), (pairs) => {
        const query = new URLSearchParams(pairs);
        expect(isLanding(query)).toBe(attributionOf(query) !== undefined);
        expect(isLanding(query)).toBe(pairs.some(([name]) => !["c", "CID", "page", ""].includes(name)));
      }),
    );
  });

  test("unexpanded placeholders are not values", () => {
    expect(read("cid={campaignid}&gid={adgroupid}&mt={matchtype}&gclid={gclid}&kw=院内学級")).toEqual({
      extras: {},
      keyword: "院内学級",
    });
  });

  test("whatever a stranger sends, values stay short and printable", () => {
    const values = fc.string({ unit: "binary", maxLength: 400 });
    fc.assert(
      fc.property(values, values, values, (kw, gclid, source) => {
        const found = attributionOf(new URLSearchParams({ kw, gclid, utm_source: source }));
        for (const text of Object.values(found ?? {}).filter((value) => typeof value === "string")) {
          expect([...text].length).toBeLessThanOrEqual(206);
          expect(text).not.toMatch(/[\p{Cc}\u202e]/u);
          expect(text.isWellFormed()).toBe(true);
        }
        expect((found?.keyword === undefined) !== (found?.keywordMissing === undefined)).toBe(true);
      }),
    );
  });
});

describe("storing a landing", () => {
  beforeAll(warmUpClicks);
  beforeEach(async () => {
    await db.delete(clicks);
    await db.delete(visits);
  });
  const rows = () => db.select().from(clicks).orderBy(asc(clicks.landedAt));
  const land = (query: string, agent = phone) =>
    recordClick(new URLSearchParams(query), { path: "/consultation", userAgent: agent, network: "192.0.2.1" });

  /** Its time is later than PostgreSQL can store. */
  const refused = () =>
    recordClick(new URLSearchParams("cid=1"), { path: "/", userAgent: phone, network: "", now: new Date(8.64e15) });

  test("the token opens exactly the stored click", async () => {
    const token = await land("cid=11&kw=院内学級&gbraid=x");
    const [row] = await rows();
    expect(clickIdOf(token)).toBe(row?.id);
    expect(row).toMatchObject({
      path: "/consultation",
      campaignId: "11",
      keyword: "院内学級",
      keywordMissing: null,
      extras: { gbraid: "x" },
      crawler: false,
    });
    expect(clickIdOf(`${token}x`)).toBeUndefined();
    expect(clickIdOf(tokenForId("unsubscribe", row?.id ?? ""))).toBeUndefined();
    expect(clickIdOf(undefined)).toBeUndefined();
  });

  test("the warm-up leaves nothing behind", async () => {
    await warmUpClicks();
    expect(await rows()).toEqual([]);
  });

  test("a landing without parameters stores nothing", async () => {
    expect(await land("page=2")).toBeUndefined();
    expect(await rows()).toEqual([]);
  });

  test("the same click id seen again is the same row, and case makes it another", async () => {
    const first = await land("gclid=Abc&kw=a");
    expect(await land("gclid=Abc&kw=a")).toBe(first);
    expect(await Promise.all([land("gclid=Abc"), land("gclid=Abc")])).toEqual([first, first]);
    expect(await land("gclid=abc&kw=a")).not.toBe(first);
    expect(await rows()).toHaveLength(2);
  });

  test("a crawler is stored apart and gets no token", async () => {
    expect(await land("kw=a", robot)).toBeUndefined();
    expect(await rows()).toMatchObject([{ crawler: true }]);
  });

  test("a click id that a crawler tried first belongs to the person who follows, and stays theirs", async () => {
    const landAt = (time: string, userAgent: string) => {
      const now = new Date(`2026-10-05T${time}:00Z`);
      return recordClick(new URLSearchParams("gclid=Abc"), { path: "/", userAgent, network: "192.0.2.1", now });
    };
    await landAt("01:00", robot);
    const token = await landAt("02:00", phone);
    expect(await landAt("03:00", robot)).toBeUndefined();
    expect(await landAt("04:00", phone)).toBe(token);
    const landedAt = new Date("2026-10-05T02:00:00Z");
    expect(await rows()).toMatchObject([{ id: clickIdOf(token), crawler: false, landedAt }]);
  });

  test("every parameter lies in its own column, at the path and the moment of the landing", async () => {
    const values = { cid: "c", gid: "g", tid: "t", kw: "k", mt: "e", nw: "n", dv: "d", cr: "r", lp: "l" };
    const utm = { utm_source: "s", utm_medium: "m", utm_campaign: "a", utm_term: "u", utm_content: "o", utm_id: "i" };
    const query = new URLSearchParams({ ...values, ...utm, msclkid: "id", wbraid: "w" });
    const now = new Date("2026-10-05T00:00:00Z");
    const token = await recordClick(query, { path: "/guides\0\ud800", userAgent: phone, network: "192.0.2.2", now });
    expect(await rows()).toEqual([
      {
        id: clickIdOf(token),
        landedAt: now,
        path: "/guides\ufffd",
        clickKey: "msclkid:id",
        extras: { wbraid: "w" },
        campaignId: "c",
        adGroupId: "g",
        targetId: "t",
        keyword: "k",
        keywordMissing: null,
        matchType: "exact",
        network: "n",
        device: "d",
        creative: "r",
        location: "l",
        utmSource: "s",
        utmMedium: "m",
        utmCampaign: "a",
        utmTerm: "u",
        utmContent: "o",
        utmId: "i",
        isAd: true,
        firstId: null,
        crawler: false,
        prefetched: false,
        formOpenedAt: null,
        missingPage: false,
        sample: false,
      },
    ]);
  });

  test("landings of one moment are one transaction, each with its own token", async () => {
    const tokens = await Promise.all(Array.from({ length: 30 }, (_, n) => land(`cid=${n}&${n % 2 ? "kw=a" : "kw="}`)));
    expect(new Set(tokens.map((token) => clickIdOf(token)))).toEqual(new Set((await rows()).map(({ id }) => id)));
    for (const { id, campaignId } of await rows()) expect(clickIdOf(tokens[Number(campaignId)])).toBe(id);
    const [row] = await db.execute<{ count: string }>(sql`select count(distinct xmin::text) from clicks`);
    expect(Number(row?.count)).toBe(1);
  });

  test("landings of one moment leave what the same ones leave one after another", async () => {
    const one = fc.record({ id: fc.constantFrom("A", "B", "C", ""), kw: fc.constantFrom("a", ""), bot: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(one, { maxLength: 12 }), async (landings) => {
        await db.delete(clicks);
        await db.delete(visits);
        const query = ({ id, kw }: (typeof landings)[number]) => `gclid=${id}&kw=${kw}`;
        const tokens = await Promise.all(landings.map((it) => land(query(it), it.bot ? robot : phone)));
        const stored = await rows();
        for (const id of ["A", "B", "C"]) {
          const same = landings.flatMap((it, n) => (it.id === id ? [{ ...it, token: tokens[n] }] : []));
          const row = stored.find(({ clickKey }) => clickKey === `gclid:${id}`);
          expect(row?.crawler).toBe(same.length === 0 ? undefined : same.every(({ bot }) => bot));
          for (const { bot, token } of same) expect(clickIdOf(token)).toBe(bot ? undefined : row?.id);
        }
        // Without a click id all of a person are one visit by keyword, and each of a crawler is a row.
        const names = landings.map(({ id, kw, bot }, n) => id || (bot ? String(n) : `visit ${kw}`));
        expect(stored).toHaveLength(new Set(names).size);
      }),
      { numRuns: 40 },
    );
  });

  test("a landing that the database refuses takes no other of its moment with it", async () => {
    const tokens = await Promise.all([land("kw=a"), refused(), land("gclid=Abc")]);
    expect(tokens.map((token) => token !== undefined)).toEqual([true, false, true]);
    expect(await rows()).toHaveLength(2);
  });

  test("a database that does not answer keeps no visitor waiting, and the landing is kept", async () => {
    await land("kw=warm");
    let token: string | undefined = "none came back while the table was locked";
    await transaction(async (tx) => {
      await tx.execute(sql`lock table clicks in access exclusive mode`);
      token = await recordClick(new URLSearchParams("kw=late"), { path: "/", userAgent: undefined, network: "" }, 20);
    });
    expect(token).toBeUndefined();
    await expect.poll(async () => (await rows()).map((row) => row.keyword)).toEqual(["warm", "late"]);
  });

  test("each landing is counted once, by what became of it", async () => {
    const counted = async (act: () => Promise<unknown>) => {
      const before = landingOutcomes();
      await act();
      const changes = Object.entries(landingOutcomes()).map(([name, n]) => [name, n - before[name as "late"]] as const);
      return Object.fromEntries(changes.filter(([, change]) => change !== 0));
    };
    expect(await counted(() => land("page=2"))).toEqual({});
    expect(await counted(() => Promise.all([land("gclid=a"), land("gclid=a"), land("kw=a")]))).toEqual({ token: 3 });
    expect(await counted(() => land("kw=a", robot))).toEqual({ crawler: 1 });
    expect(await counted(refused)).toEqual({ failed: 1 });
    const inFlood = async (agent: string, waitMs: number) => {
      // Of as many networks: those of one would be one visit.
      const landing = (network: number) => ({ path: "/", userAgent: agent, network: String(network) });
      await Promise.all(
        Array.from({ length: 203 }, (_, n) => recordClick(new URLSearchParams("kw="), landing(n), waitMs)),
      );
    };
    const whileLocked = (act: () => Promise<unknown>) =>
      transaction(async (tx) => {
        await tx.execute(sql`lock table clicks in access exclusive mode`);
        await act();
      });
    await db.delete(clicks);
    expect(await counted(() => whileLocked(() => inFlood(phone, 20)))).toEqual({ late: 200, refused: 3 });
    await expect.poll(async () => (await rows()).length).toBe(200);
    expect(await counted(() => whileLocked(() => inFlood(robot, 20)))).toEqual({ crawler: 200, refused: 3 });
    await expect.poll(async () => (await rows()).length).toBe(400);
  });
});
