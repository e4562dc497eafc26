import { eq, sql } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { countLandings } from "#analytics/landings/landings.ts";
import { rolledMonths, rollUpLandings } from "#analytics/landings/roll-up.ts";
import { db, transaction } from "#db/client.ts";
import { seededRandom } from "#db/random/seeded.ts";
import { clicks } from "#db/schema/attribution.ts";
import { landingMonths, landingMonthStates, landingLines } from "#db/schema/landings.ts";
import { empty, landed } from "../fixtures.ts";

const now = new Date("2026-10-20T12:00:00+09:00");
const whole = { from: "2026-06-01", to: "2026-10-31" };
const periods = [
  whole,
  { from: "2026-07-01", to: "2026-07-31" },
  { from: "2026-07-02", to: "2026-09-30" },
  { from: "2026-06-30", to: "2026-08-01" },
  { from: "2026-08-15", to: "2026-08-16" },
  { from: "2026-09-01", to: "2026-10-20" },
];

beforeEach(async () => {
  await empty();
  for (const table of [landingMonths, landingMonthStates, landingLines]) await db.delete(table);
});

/** The counts of each period added up by line, whatever they were read from. */
async function figures() {
  const found = [];
  for (const period of periods) {
    const sums = new Map<string, number[]>();
    for (const { source, landings, formsOpened } of await countLandings(period)) {
      const [a = 0, b = 0] = sums.get(JSON.stringify(source)) ?? [];
      sums.set(JSON.stringify(source), [a + landings, b + formsOpened]);
    }
    found.push([period.from, [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1))]);
  }
  return found;
}

async function scatter(count: number): Promise<void> {
  const random = seededRandom(7);
  for (let n = 0; n < count; n++) {
    const day = `2026-${String(random.between(6, 10)).padStart(2, "0")}-${String(random.between(1, 28)).padStart(2, "0")}`;
    await landed(day, {
      ...(random.chance(0.7) ? { keyword: `ことば ${random.between(1, 4)}`, targetId: "kwd-7", adGroupId: "2" } : {}),
      ...(random.chance(0.2) ? { isAd: false, utmSource: "leaflet", utmMedium: "qr" } : {}),
      ...(random.chance(0.3) ? { campaignId: String(random.between(1, 3)) } : {}),
      ...(random.chance(0.1) ? { crawler: true } : {}),
      ...(random.chance(0.1) ? { prefetched: true } : {}),
      ...(random.chance(0.2) ? { formOpenedAt: now } : {}),
    });
  }
}

test("a report reads the same figures from rolled-up months and from the landings", async () => {
  await scatter(200);
  // The last and first moments of months, which a wrong time zone would put into others.
  for (const at of ["2026-06-30T14:59:59Z", "2026-06-30T15:00:00Z", "2026-08-31T14:59:59Z", "2026-08-31T15:00:00Z"])
    await landed(at, { keyword: "境目" });
  const before = await figures();
  expect(await rollUpLandings(now)).toEqual({ months: 4 });
  expect(await rolledMonths(whole)).toEqual(["2026-06-01", "2026-07-01", "2026-08-01", "2026-09-01"]);
  expect(await figures()).toEqual(before);
  // And it does read the sums: with another figure there, the report has it.
  await db.update(landingMonths).set({ landings: sql`landings + 1` });
  expect(await figures()).not.toEqual(before);
});

test("a change to an earlier month makes its sums untrue until they are rolled up again", async () => {
  await scatter(60);
  await landed("2026-07-05", { keyword: "消える", clickKey: "gclid:gone" });
  await rollUpLandings(now);
  const july = async () => (await rolledMonths(whole)).includes("2026-07-01");
  const changes = [
    () => landed("2026-07-09", { keyword: "あとから" }),
    () => db.update(clicks).set({ formOpenedAt: now }).where(eq(clicks.clickKey, "gclid:gone")),
    () => db.delete(clicks).where(eq(clicks.clickKey, "gclid:gone")),
  ];
  for (const change of changes) {
    expect(await july()).toBe(true);
    await change();
    expect(await july()).toBe(false);
    const before = await figures();
    await rollUpLandings(now);
    expect(await figures()).toEqual(before);
  }
});

test("a change that is committed while its month is rolled up is not lost", async () => {
  await landed("2026-07-05", { keyword: "一", clickKey: "gclid:1" });
  await landed("2026-07-06", { keyword: "二" });
  await rollUpLandings(now);
  await landed("2026-07-07", { keyword: "三" });
  let rolling: Promise<unknown> = Promise.resolve();
  await transaction(async (tx) => {
    await tx.delete(clicks).where(eq(clicks.clickKey, "gclid:1"));
    rolling = rollUpLandings(now).catch((error: unknown) => error);
    await expect
      .poll(async () => (await db.execute(sql`select from pg_locks where not granted`)).length)
      .toBeGreaterThan(0);
  });
  await rolling;
  const words = async () => (await countLandings(whole)).map(({ source }) => source?.keyword).toSorted();
  expect(await words()).toEqual(["三", "二"]);
  await rollUpLandings(now);
  expect(await words()).toEqual(["三", "二"]);
});

test("the month that goes on is not rolled up, nor one that ended less than a day ago", async () => {
  await landed("2026-09-30", { keyword: "一" });
  expect(await rollUpLandings(new Date("2026-10-01T23:59:00+09:00"))).toEqual({ months: 0 });
  expect(await rollUpLandings(new Date("2026-10-02T00:01:00+09:00"))).toEqual({ months: 1 });
  expect(await rollUpLandings(new Date("2026-10-02T00:01:00+09:00"))).toEqual({ months: 0 });
});

test("landings of this month cost the table of changes nothing", async () => {
  await landed(new Date(Date.now() - 60_000).toISOString(), { keyword: "いま" });
  expect(await db.select().from(landingMonthStates)).toEqual([]);
});
