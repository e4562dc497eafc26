/** The reasons for which a promise may end without an answer, as its forms offer them. */

import { dayOf } from "#db/calendar/days.ts";
import { promiseEnd } from "#db/terms/promises.ts";
import type { Attempt } from "./why-owed.ts";

/** On so many different days somebody should have tried to call or visit before 連絡がつかない is the way out. */
export const unreachableAfterDays = 3;

/** On how many different days (Asia/Tokyo) a call or a visit reached nobody. */
export const daysTried = (attempts: readonly Pick<Attempt, "at">[]): number =>
  new Set(attempts.map(({ at }) => dayOf(at))).size;

/** Somebody tried on enough days: the promise may end as 連絡がつかない. */
export const isUnreachable = (attempts: readonly Pick<Attempt, "at">[]): boolean =>
  daysTried(attempts) >= unreachableAfterDays;

/**
 * Code → label, in the order of the choice. 連絡がつかない comes first once somebody has tried on three days. Before, it
 * stands last and its label says on how many they did: a guide, not a rule, since whoever chooses it may know more
 * (a number that does not exist), so no form refuses it.
 */
export function endReasons(attempts: readonly Pick<Attempt, "at">[]): Record<string, string> {
  const { unreachable, ...others } = promiseEnd;
  if (isUnreachable(attempts))
    return { unreachable: `${unreachable}（${daysTried(attempts)}日かけました）`, ...others };
  const days = daysTried(attempts);
  const tried = days === 0 ? "まだ電話や訪問の記録がありません" : `電話や訪問は、まだ${days}日`;
  return { ...others, unreachable: `${unreachable}（${tried}。${unreachableAfterDays}日かけてからが目安です）` };
}
