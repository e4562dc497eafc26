/**
 * One visit is one landing, without a cookie: Back, reload and a second tab repeat the address of the advertisement.
 * Where it has a click id, that names the visit. Where it has none, the same advertisement from the same network
 * within half an hour is the same visit.
 */

import { dayOf } from "#db/calendar/days.ts";
import { blindIndex } from "#db/vault/blind-index.ts";
import type { Attribution } from "./attribution.ts";

/** Minutes since its last landing for which a visit goes on, as in other tools for counting visits. */
export const visitMinutes = 30;

/**
 * The key of a visit: a keyed hash of the network, the day in Asia/Tokyo and the advertisement. With the day in it,
 * nobody's visits of two days can be told to be one person's; it is deleted after a day (api/privacy/retention.ts).
 * Undefined where a click id names the visit, and where nothing of an advertisement is known.
 */
export function visitKey(
  { clickKey, campaignId, adGroupId, targetId, creative, location, ...rest }: Attribution,
  network: string,
  now: Date,
): Buffer | undefined {
  if (clickKey !== undefined) return undefined;
  const { keyword, utmSource, utmMedium, utmCampaign, utmContent } = rest;
  const advertisement = [campaignId, adGroupId, targetId, creative, location, keyword];
  const link = [utmSource, utmMedium, utmCampaign, utmContent];
  return blindIndex("network", JSON.stringify([network, dayOf(now), advertisement, link]));
}
