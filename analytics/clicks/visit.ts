/**
 * One visit is one landing, without a cookie: Back, reload and a second tab repeat the address of the advertisement.
 * Where it has a click id, that names the visit. Where it has none, the same advertisement from the same network
 * within half an hour is the same visit.
 */

import { dayOf } from "#db/calendar/days.ts";
import { blindIndex } from "#db/vault/blind-index.ts";

/** Minutes since its last landing for which a visit goes on, as in other tools for counting visits. */
const visitMinutes = 30;

/**
 * SQL, after an insert of visits: the landing of the visit that is going on stays its landing, or the new one is it. The
 * landing may have been deleted meanwhile. That is not asked within ten seconds: a statement that waited for another one of
 * the same visit does not see the landing which that has just inserted, and would count the visit twice.
 */
export const keepVisit = `
  on conflict (key) do update set last_at = greatest(visits.last_at, excluded.last_at),
    click_id = case when excluded.last_at < visits.last_at + interval '${visitMinutes} minutes'
        and (excluded.last_at < visits.last_at + interval '10 seconds'
          or exists (select from clicks where clicks.id = visits.click_id))
      then visits.click_id else excluded.click_id end`;

/** What names an advertisement, of a landing's URL or of its row. */
type Advertisement = Partial<
  Record<
    | ("clickKey" | "campaignId" | "adGroupId" | "targetId" | "creative" | "location" | "keyword")
    | ("utmSource" | "utmMedium" | "utmCampaign" | "utmContent"),
    string | null
  >
>;

/**
 * The key of a visit: a keyed hash of the network, the day in Asia/Tokyo and the advertisement. With the day in it,
 * nobody's visits of two days can be told to be one person's; it is deleted after a day (api/privacy/retention.ts).
 * Undefined where a click id names the visit, and where nothing of an advertisement is known.
 */
export function visitKey(
  { clickKey, campaignId, adGroupId, targetId, creative, location, ...rest }: Advertisement,
  network: string,
  now: Date,
): Buffer | undefined {
  if (typeof clickKey === "string") return undefined;
  const { keyword, utmSource, utmMedium, utmCampaign, utmContent } = rest;
  const advertisement = [campaignId, adGroupId, targetId, creative, location, keyword];
  const link = [utmSource, utmMedium, utmCampaign, utmContent];
  return blindIndex("network", JSON.stringify([network, dayOf(now), advertisement, link]));
}
