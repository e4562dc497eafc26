/** Landings from advertisements: what their URL says, and the token that stands for one of them. */

import { keywordIdOf, type Source } from "#analytics/spend/join.ts";
import { env } from "#db/env.ts";
import { log, traceOf } from "#db/log.ts";
import { newId } from "#db/random/ids.ts";
import { type Attribution, attributionOf, printable } from "./attribution.ts";
import { isCrawler } from "./crawlers.ts";
import { insertClick, prepareInserts } from "./insert.ts";
import { isListed, keywordLimit, readBids } from "./listed-keywords.ts";
import { countLanding, type LandingOutcome } from "./outcomes.ts";
import { platformOf } from "./platform.ts";
import { clickTokenFor } from "./token.ts";
import { visitKey } from "./visit.ts";

/** Back-pressure: while so many inserts wait for the database, further landings are not recorded. */
const maxPending = 200;

let pending = 0;

/** How a landing came. `network` is for the limit on unlisted words and for visits, and is not kept with the click. */
export interface Landing {
  path: string;
  userAgent: string | undefined;
  /** IPv4 address or IPv6 /64. */
  network: string;
  /** The browser fetches the page ahead; nobody may ever see it. */
  isPrefetch?: boolean;
  /** There is no page at this path. */
  isMissing?: boolean;
  /** Id of the earlier landing whose token the request carried. */
  previous?: string | undefined;
  now?: Date;
}

/**
 * Stores a landing and returns the signed token that links and forms carry on. Undefined without
 * advertising parameters, for crawlers, under back-pressure, when the insert fails, and when the database does not
 * answer within `waitMs` milliseconds: a family never waits for our statistics. Counts what became of it
 * (outcomes.ts). Never throws. Keeps neither address nor user agent.
 */
export async function recordClick(
  query: URLSearchParams,
  landing: Landing,
  waitMs = env.CLICK_WAIT_MS,
): Promise<string | undefined> {
  const attribution = attributionOf(query);
  if (!attribution) return undefined;
  if (pending >= maxPending) return void countLanding("refused");
  const crawler = isCrawler(landing.userAgent);
  pending++;
  const stored = store(attribution, landing, crawler)
    .then(
      (token): Result =>
        crawler ? { outcome: "crawler" } : { outcome: landing.isPrefetch ? "prefetch" : "token", token },
      (error: unknown): Result => {
        log("click.failed", traceOf(error));
        return { outcome: "failed" };
      },
    )
    .finally(() => pending--);
  const { outcome, token } = await Promise.race([stored, after(waitMs, { outcome: crawler ? "crawler" : "late" })]);
  countLanding(outcome);
  return token;
}

interface Result {
  outcome: LandingOutcome;
  token?: string;
}

/**
 * Warm-up, called once at the start: so that the first visitor does not wait for a connection, for statements to be
 * prepared, for the list of bids, or for the regular expression for crawlers to be compiled. Leaves nothing behind.
 */
export async function warmUpClicks(): Promise<void> {
  isCrawler("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/150.0.0.0 Mobile Safari/537.36");
  await readBids(new Date());
  await prepareInserts();
}

function after(ms: number, result: Result): Promise<Result> {
  return new Promise((resolve) => setTimeout(resolve, ms, result).unref());
}

/** The parameters of a landing by which the report joins it to a line of cost. */
const toSource = ({ clickKey, extras, targetId, utmSource, ...rest }: Attribution): Source => ({
  ...rest,
  platform: platformOf(clickKey, utmSource),
  campaignId: rest.campaignId ?? extras["gad_campaignid"],
  keywordId: keywordIdOf(targetId ?? null),
});

/** Inserts the click; its token. A keyword that no import knows is kept only within the network's limit. */
async function store(attribution: Attribution, landing: Landing, crawler: boolean): Promise<string> {
  const { path, network, now, isPrefetch = false, isMissing = false, previous } = landing;
  const source = toSource(attribution);
  const moment = now ?? new Date();
  const isLimited = source.keyword !== undefined && !isListed(source, moment);
  const visit = crawler || isPrefetch ? undefined : visitKey(attribution, network, moment);
  const id = await insertClick({
    id: newId(),
    landed_at: now?.toISOString(),
    path: printable(path),
    crawler,
    prefetched: isPrefetch && !crawler,
    missing_page: isMissing,
    previous_id: previous,
    visit_key: visit && `\\x${visit.toString("hex")}`,
    ...columnsOf(attribution),
    ...(isLimited && keywordLimit(source, network, moment)),
  });
  return clickTokenFor(id, isPrefetch);
}

/** The parameters under their columns' names. */
const columnsOf = (a: Attribution) => ({
  click_key: a.clickKey,
  extras: a.extras,
  campaign_id: a.campaignId,
  ad_group_id: a.adGroupId,
  target_id: a.targetId,
  keyword: a.keyword,
  keyword_missing: a.keywordMissing,
  match_type: a.matchType,
  network: a.network,
  device: a.device,
  creative: a.creative,
  location: a.location,
  utm_source: a.utmSource,
  utm_medium: a.utmMedium,
  utm_campaign: a.utmCampaign,
  utm_term: a.utmTerm,
  utm_content: a.utmContent,
  utm_id: a.utmId,
  is_ad: a.isAdvertisement,
});
