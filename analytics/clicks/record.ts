/** Landings from advertisements: what their URL says, and the token that stands for one of them. */

import { sql } from "drizzle-orm";
import { isbot } from "isbot";
import { keywordIdOf, type Source } from "#analytics/spend/join.ts";
import { type Executor, db, transaction } from "#db/client.ts";
import { env } from "#db/env.ts";
import { log, traceOf } from "#db/log.ts";
import { clicks } from "#db/schema/attribution.ts";
import { idFromToken, tokenForId } from "#db/vault/vault.ts";
import { type Attribution, attributionOf, printable } from "./attribution.ts";
import { admitKeyword, isListed, readBids } from "./listed-keywords.ts";
import { platformOf } from "./platform.ts";

/** While the database is away, landings beyond these are not even queued. */
const mostWaiting = 200;

let waiting = 0;

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
 * advertising parameters, for crawlers, and when the database does not answer in time: a family
 * never waits for our statistics. Never throws. Keeps neither address nor user agent.
 */
export async function recordClick(
  query: URLSearchParams,
  landing: Landing,
  waitMs = env.CLICK_WAIT_MS,
): Promise<string | undefined> {
  const attribution = attributionOf(query);
  if (!attribution || waiting >= mostWaiting) return undefined;
  const crawler = isbot(landing.userAgent);
  waiting++;
  const stored = store(db, attribution, { ...landing, crawler })
    .catch((error: unknown) => void log("click.failed", traceOf(error)))
    .finally(() => waiting--);
  const token = await Promise.race([stored, after(waitMs)]);
  return crawler ? undefined : token;
}

/**
 * Does everything that a landing does and takes it back. Called once at the start, so that the first
 * visitor does not wait for connections, plans, what imports know, and the crawlers' expression.
 */
export async function warmUpClicks(): Promise<void> {
  await readBids(new Date());
  const undone = new Error("rehearsed");
  const crawler = isbot("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/150.0.0.0 Mobile Safari/537.36");
  const rehearsal = transaction(async (tx) => {
    await store(tx, { extras: {} }, { path: "/", network: "", crawler });
    await store(tx, { extras: {}, keyword: "rehearsal" }, { path: "/", network: "", crawler });
    throw undone;
  });
  await rehearsal.catch((error: unknown) => {
    if (error !== undone) throw error;
  });
}

/** The click behind a token, or undefined for a forged, foreign or absent one. */
export const clickIdOf = (token: string | undefined) => idFromToken("click", token);

function after(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, ms, undefined).unref());
}

/** What the landing says to the report. */
const sourceOf = ({ clickKey, extras, targetId, utmSource, ...said }: Attribution): Source => ({
  ...said,
  platform: platformOf(clickKey, utmSource),
  campaignId: said.campaignId ?? extras["gad_campaignid"],
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
  const source = sourceOf(attribution);
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

/** The words of a landing where they are admitted, and else a code that says why there are none. */
function limited({ keyword, utmTerm }: Attribution) {
  const isAdmitted = sql`exists (select 1 from admitted)`;
  return {
    keyword: sql`case when ${isAdmitted} then ${keyword}::text end`,
    utmTerm: sql`case when ${isAdmitted} then ${utmTerm ?? null}::text end`,
    keywordMissing: sql`case when not ${isAdmitted} then 'over_limit' end`,
  };
}
