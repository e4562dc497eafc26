/** Landings from advertisements: what their URL says, and the token that stands for one of them. */

import { sql } from "drizzle-orm";
import { isbot } from "isbot";
import { keywordIdOf, type Source } from "#analytics/spend/join.ts";
import { type Executor, db, transaction } from "#db/client.ts";
import { env } from "#db/env.ts";
import { log, traceOf } from "#db/log.ts";
import { clicks } from "#db/schema/attribution.ts";
import { idFromToken, tokenForId } from "#db/vault/tokens.ts";
import { type Attribution, attributionOf, printable } from "./attribution.ts";
import { admitKeyword, isListed, readBids } from "./listed-keywords.ts";
import { platformOf } from "./platform.ts";

/** Back-pressure: while so many inserts wait for the database, further landings are not recorded. */
const maxPending = 200;

let pending = 0;

/** How a landing came. `network` is for the limit on unlisted words only, and is not kept with the click. */
export interface Landing {
  path: string;
  userAgent: string | undefined;
  /** IPv4 address or IPv6 /64. */
  network: string;
  now?: Date;
}

/**
 * Stores a landing and returns the signed token that links and forms carry on. Undefined without
 * advertising parameters, for crawlers, and when the database does not answer within `waitMs` milliseconds: a
 * family never waits for our statistics. Never throws. Keeps neither address nor user agent.
 */
export async function recordClick(
  query: URLSearchParams,
  landing: Landing,
  waitMs = env.CLICK_WAIT_MS,
): Promise<string | undefined> {
  const attribution = attributionOf(query);
  if (!attribution || pending >= maxPending) return undefined;
  const crawler = isbot(landing.userAgent);
  pending++;
  const stored = store(db, attribution, { ...landing, crawler })
    .catch((error: unknown) => void log("click.failed", traceOf(error)))
    .finally(() => pending--);
  const token = await Promise.race([stored, undefinedAfter(waitMs)]);
  return crawler ? undefined : token;
}

/**
 * Warm-up: records two landings in a transaction that is rolled back. Called once at the start, so that the
 * first visitor does not wait for connections, query plans, the list of bids, and the regular expression
 * for crawlers to be compiled.
 */
export async function warmUpClicks(): Promise<void> {
  await readBids(new Date());
  const rollback = new Error("rolled back");
  const crawler = isbot("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/150.0.0.0 Mobile Safari/537.36");
  const warmUp = transaction(async (tx) => {
    await store(tx, { extras: {} }, { path: "/", network: "", crawler });
    await store(tx, { extras: {}, keyword: "warm-up" }, { path: "/", network: "", crawler });
    throw rollback;
  });
  await warmUp.catch((error: unknown) => {
    if (error !== rollback) throw error;
  });
}

/** The click id in a token; undefined when it is absent, forged, or was made for another purpose. */
export const clickIdOf = (token: string | undefined) => idFromToken("click", token);

function undefinedAfter(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, ms, undefined).unref());
}

/** The parameters of a landing by which the report joins it to a line of cost. */
const toSource = ({ clickKey, extras, targetId, utmSource, ...rest }: Attribution): Source => ({
  ...rest,
  platform: platformOf(clickKey, utmSource),
  campaignId: rest.campaignId ?? extras["gad_campaignid"],
  keywordId: keywordIdOf(targetId ?? null),
});

/**
 * One statement. The same click id is the same row. A crawler that tried the URL first does not make
 * the person who follows it one: the row becomes the person's, with the person's time. A keyword that no
 * import knows is kept only within the network's limit.
 */
async function store(
  tx: Executor,
  attribution: Attribution,
  { path, network, crawler, now }: Pick<Landing, "path" | "network" | "now"> & { crawler: boolean },
): Promise<string | undefined> {
  const source = toSource(attribution);
  const moment = now ?? new Date();
  const isLimited = source.keyword !== undefined && !isListed(source, moment);
  const isPersonNow = sql`${clicks.crawler} and not excluded.crawler`;
  const insert = tx
    .insert(clicks)
    .values({ ...attribution, ...(isLimited && limited(attribution)), path: printable(path), crawler, landedAt: now })
    .onConflictDoUpdate({
      target: clicks.clickKey,
      set: {
        crawler: sql`${clicks.crawler} and excluded.crawler`,
        landedAt: sql`case when ${isPersonNow} then excluded.landed_at else ${clicks.landedAt} end`,
      },
    })
    .returning({ id: clicks.id });
  const [row] = isLimited
    ? await tx.execute<{ id: string }>(
        sql`with admitted as (${admitKeyword(source, network, moment)}) ${insert.getSQL()}`,
      )
    : await insert;
  return row && tokenForId("click", row.id);
}

/** Keyword and utm_term where the limit admits them; otherwise null, and `over_limit` as the reason. */
function limited({ keyword, utmTerm }: Attribution) {
  const isAdmitted = sql`exists (select 1 from admitted)`;
  return {
    keyword: sql`case when ${isAdmitted} then ${keyword}::text end`,
    utmTerm: sql`case when ${isAdmitted} then ${utmTerm ?? null}::text end`,
    keywordMissing: sql`case when not ${isAdmitted} then 'over_limit' end`,
  };
}
