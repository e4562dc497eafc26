/** Invented advertisements: 90 days of cost by keyword, and the landings that came of it. */

import { sql } from "drizzle-orm";
import { BidIds, findSameBids } from "#analytics/spend/bids.ts";
import { recount } from "#analytics/spend/recount.ts";
import type { Executor } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import type { SeededRandom } from "#db/random/seeded.ts";
import { adImports, adSpend, clicks } from "#db/schema/attribution.ts";

const keywords = [
  {
    id: "399000000001",
    adGroup: "学びと復学",
    adGroupId: "299000000001",
    text: "長期入院 子ども 勉強",
    matchType: "phrase",
    daily: 38,
  },
  {
    id: "399000000002",
    adGroup: "学びと復学",
    adGroupId: "299000000001",
    text: "院内学級",
    matchType: "exact",
    daily: 21,
  },
  {
    id: "399000000003",
    adGroup: "学びと復学",
    adGroupId: "299000000001",
    text: "病気 復学 学校 相談",
    matchType: "phrase",
    daily: 17,
  },
  {
    id: "399000000004",
    adGroup: "家族の支え",
    adGroupId: "299000000002",
    text: "小児慢性特定疾病 相談 窓口",
    matchType: "phrase",
    daily: 26,
  },
  {
    id: "399000000005",
    adGroup: "家族の支え",
    adGroupId: "299000000002",
    text: "入院 付き添い きょうだい",
    matchType: "broad",
    daily: 31,
  },
  {
    id: "399000000006",
    adGroup: "家族の支え",
    adGroupId: "299000000002",
    text: "医療的ケア児 預け先",
    matchType: "phrase",
    daily: 14,
  },
  {
    id: "399000000007",
    adGroup: "先生向け",
    adGroupId: "299000000003",
    text: "病気の子ども 学校 対応",
    matchType: "phrase",
    daily: 12,
  },
] as const;

const account = "見本";
const campaign = { id: "199000000001", name: "見本_検索" };

/** A landing that a lead of the same day may be tied to. */
export interface SampleClick {
  id: string;
  landedAt: Date;
  /** How likely it is, among landings, that this one asked for help. */
  weight: number;
}

/** Fills the days (YYYY-MM-DD, oldest first) and returns the landings. */
export async function insertSampleAds(
  tx: Executor,
  random: SeededRandom,
  days: readonly string[],
  now: Date,
): Promise<SampleClick[]> {
  const importId = newId();
  const [periodFrom = "", periodTo = ""] = [days[0], days.at(-1)];
  const [imported] = await tx
    .insert(adImports)
    .values({
      id: importId,
      fileHash: "sample",
      fileName: "見本データ",
      report: "keywords",
      account,
      currency: "JPY",
      periodFrom,
      periodTo,
      totals: {},
      importedAt: now,
      rows: keywords.length * days.length,
    })
    .returning({ no: adImports.no });
  const bidIds = await new BidIds(tx, account).of(
    keywords.map(({ id: keywordId, text: keyword, adGroupId, adGroup, matchType }) => ({
      ...{ campaignId: campaign.id, campaign: campaign.name, adGroupId, adGroup, keywordId, keyword, matchType },
    })),
  );
  const landed: (SampleClick & { row: typeof clicks.$inferInsert })[] = [];
  const spend: (typeof adSpend.$inferInsert)[] = [];
  for (const day of days) {
    for (const [at, keyword] of keywords.entries()) {
      const impressions = random.between(Math.round(keyword.daily * 0.5), Math.round(keyword.daily * 1.5));
      const adClicks = Array.from({ length: impressions }).filter(() => random.chance(0.021)).length;
      const cost = adClicks * random.between(38, 92);
      spend.push({
        importNo: imported?.no ?? 0,
        bidId: bidIds[at] ?? 0,
        dateFrom: day,
        dateTo: day,
        impressions,
        clicks: adClicks,
        cost: String(cost),
        conversions: "0",
      });
      for (let i = 0; i < adClicks; i++) if (random.chance(0.93)) landed.push(landing(random, day, keyword));
    }
    if (random.chance(0.4)) landed.push(landing(random, day, undefined));
  }
  await tx.insert(adSpend).values(spend);
  await tx.execute(sql`
    update ad_imports i set (impressions, clicks, cost) =
      (select sum(impressions), sum(clicks), sum(cost) from ad_spend where import_no = i.no) where id = ${importId}`);
  await findSameBids(tx, account);
  await recount(tx, account);
  await tx.insert(clicks).values(landed.map(({ row }) => row));
  return landed.map(({ id, landedAt, weight }) => ({ id, landedAt, weight }));
}

function landing(random: SeededRandom, day: string, keyword: (typeof keywords)[number] | undefined) {
  const id = newId();
  // Most people search in the evening, when the ward is quiet.
  const hour = random.chance(0.6) ? random.between(19, 23) : random.between(7, 18);
  const landedAt = new Date(
    `${day}T${String(hour).padStart(2, "0")}:${String(random.between(0, 59)).padStart(2, "0")}:00+09:00`,
  );
  const row = {
    id,
    landedAt,
    path: "/",
    campaignId: campaign.id,
    adGroupId: keyword?.adGroupId,
    targetId: keyword && `kwd-${keyword.id}`,
    keyword: keyword?.text,
    keywordMissing: keyword ? null : ("absent" as const),
    matchType: keyword?.matchType,
    device: random.chance(0.8) ? "m" : "c",
    sample: true,
  };
  return { id, landedAt, weight: keyword?.id === "399000000001" || keyword?.id === "399000000004" ? 3 : 1, row };
}

/** Who asked for help had opened the form; of the other visitors every fourth did. */
export async function openSampleForms(tx: Executor): Promise<void> {
  await tx.execute(sql`
    update clicks set form_opened_at = landed_at + interval '2 minutes'
    where sample and (extract(minute from landed_at)::int % 4 = 0
      or id in (select click_id from leads where kind = 'consultation'))`);
}
