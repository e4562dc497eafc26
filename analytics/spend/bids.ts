/** The bids of an account: each spelling of the exports is a row, and equal ones stand for each other. */

import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import type { Bid } from "#analytics/ad-files/bid.ts";
import { keywordKey } from "#analytics/keyword.ts";
import type { Executor } from "#db/client.ts";
import type { AdPlatform } from "#db/terms/attribution.ts";
import { planForManyRows } from "./plan.ts";

/** One short name for all that a file says of a bid; the migration that made the table computes the same in SQL. */
export function spellingOf(bid: Bid): string {
  const { campaignId = "", campaign, adGroupId = "", adGroup, keywordId = "", keyword, matchType = "" } = bid;
  const names = [campaignId, campaign, adGroupId, adGroup, keywordId, keyword, matchType];
  return createHash("sha256").update(names.join("\u001f")).digest("base64");
}

/** Finds the ids of bids of one account, and adds those that are new. Remembers ids only: files have 200,000 keywords. */
export class BidIds {
  readonly #known = new Map<string, number>();
  readonly #tx: Executor;
  readonly #account: string;
  readonly #platform: AdPlatform | undefined;
  #had: Promise<boolean> | undefined;

  constructor(tx: Executor, account: string, platform?: AdPlatform) {
    this.#tx = tx;
    this.#account = account;
    this.#platform = platform;
  }

  /** The id of each bid, in the order given. */
  async of(bids: readonly Bid[]): Promise<number[]> {
    const spellings = bids.map(spellingOf);
    const missing = new Map<string, Bid>();
    bids.forEach((bid, at) => {
      const spelling = spellings[at] ?? "";
      if (!this.#known.has(spelling)) missing.set(spelling, bid);
    });
    if (missing.size > 0) await this.#add(missing);
    return spellings.map((spelling) => this.#known.get(spelling) ?? Number.NaN);
  }

  /** Whether the account had bids before these; one without needs no look-ups. */
  async #hadBids(): Promise<boolean> {
    this.#had ??= this.#tx
      .execute<{ had: boolean }>(sql`select exists (select from bids where account = ${this.#account}) as had`)
      .then(([row]) => row?.had ?? true);
    return this.#had;
  }

  /**
   * Each is looked up by the index ("offset 0" keeps the planner from reading all bids of the account instead, for each
   * part of a file again). The caller holds the lock on imports: nobody else adds bids meanwhile.
   */
  async #add(missing: Map<string, Bid>): Promise<void> {
    const rows = [...missing].map(
      ([spelling, { campaignId, campaign, adGroupId, adGroup, keywordId, keyword, matchType }]) => ({
        ...{ spelling, key: keywordKey(keyword) },
        ...{ campaignId, campaign, adGroupId, adGroup, keywordId, keyword, matchType },
      }),
    );
    const found = await this.#tx.execute<{ id: number; spelling: string }>(sql`
      with wanted as materialized (
        select * from json_to_recordset(${JSON.stringify(rows)}::json) as b(spelling text, "campaignId" text,
          campaign text, "adGroupId" text, "adGroup" text, "keywordId" text, keyword text, "matchType" text, key text)),
      known as materialized (
        select b.id, b.spelling from wanted cross join lateral (
          select id, spelling from bids where account = ${this.#account} and spelling = wanted.spelling offset 0) b
        where ${await this.#hadBids()}::boolean),
      added as (
        insert into bids (account, platform, spelling, campaign_id, campaign, ad_group_id, ad_group, keyword_id, keyword,
          match_type, keyword_key, campaign_key)
        select ${this.#account}, ${this.#platform ?? null}, spelling, "campaignId", campaign, "adGroupId", "adGroup",
          "keywordId", keyword, "matchType", key, ''
        from wanted where spelling not in (select spelling from known) returning id, spelling)
      select id, spelling from known union all select id, spelling from added`);
    for (const { id, spelling } of found) this.#known.set(spelling, id);
  }
}

/**
 * Recomputes which bids of the account are the same: a bid without ids is the same as the only one with ids that has
 * its names, as `mergeEqualLines` says of lines. Depends on the account's bids alone, not on the order of imports.
 * True when that changed for a bid that was known before: then all the account's cost has to be counted again.
 */
export async function findSameBids(tx: Executor, account: string): Promise<boolean> {
  await fillKeys(tx, account);
  await planForManyRows(tx);
  const changed = await tx.execute<{ before: number | null }>(sql`
    with named as (
      select id, campaign, ad_group, keyword, keyword_key, match_type, keyword_id,
        coalesce(campaign_id, case when min(campaign_id) over c = max(campaign_id) over c then min(campaign_id) over c end) as campaign_id,
        coalesce(ad_group_id, case when min(ad_group_id) over g = max(ad_group_id) over g then min(ad_group_id) over g end) as ad_group_id
      from bids where account = ${account}
      window c as (partition by campaign), g as (partition by campaign, ad_group)),
    grouped as (
      select *, case when ad_group_id is null then 'n' || campaign || chr(10) || ad_group else 'i' || ad_group_id end as in_group from named),
    known as (
      select *, case when keyword_id is not null or keyword = '' then keyword_id
        when min(keyword_id) over k = max(keyword_id) over k then min(keyword_id) over k end as known_keyword_id
      from grouped window k as (partition by in_group, keyword_key, match_type)),
    same as (
      select id, campaign_id, ad_group_id, known_keyword_id, min(id) over s as same_as,
        coalesce(min(campaign_id) over s, first_value('=' || campaign) over (s order by id)) as campaign_key
      from known window s as (partition by in_group, keyword_key, match_type, known_keyword_id))
    update bids b set same_as = same.same_as, campaign_key = same.campaign_key, known_campaign_id = same.campaign_id,
      known_ad_group_id = same.ad_group_id, known_keyword_id = same.known_keyword_id
    from same join bids old on old.id = same.id
    where b.id = same.id and (b.same_as, b.campaign_key, b.known_campaign_id, b.known_ad_group_id, b.known_keyword_id)
      is distinct from (same.same_as, same.campaign_key, same.campaign_id, same.ad_group_id, same.known_keyword_id)
    returning case when (old.same_as, old.campaign_key) is distinct from (same.same_as, same.campaign_key) then old.same_as end as before`);
  return changed.some(({ before }) => before !== null);
}

/** Rows of an older version have no key: its rule is `keywordKey`, which SQL does not know. */
async function fillKeys(tx: Executor, account: string): Promise<void> {
  const rows = await tx.execute<{ id: number; keyword: string }>(
    sql`select id, keyword from bids where account = ${account} and keyword_key is null`,
  );
  if (rows.length === 0) return;
  const keys = rows.map(({ id, keyword }) => ({ id, key: keywordKey(keyword) }));
  await tx.execute(sql`
    update bids b set keyword_key = k.key
    from jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as k(id integer, key text) where k.id = b.id`);
}

/** Removes the bids of an account that no line speaks of any more, and what was derived of them. */
export async function dropUnusedBids(tx: Executor, account: string): Promise<void> {
  await tx.execute(sql`
    with unused as (
      delete from bids b where account = ${account}
        and not exists (select from ad_spend s where s.bid_id = b.id)
        and not exists (select from search_terms t where t.bid_id = b.id)
      returning id),
    months as (delete from spend_months m using unused where m.bid_id = unused.id)
    delete from spend_spans s using unused where s.bid_id = unused.id`);
}
