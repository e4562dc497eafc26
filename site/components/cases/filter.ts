/** The filters of the list of all cases, as they stand in its address. */

import type { CaseFilter } from "#api/cases/inbox.ts";
import { type CaseState, caseState } from "#db/terms/cases.ts";
import { relation, topic } from "#db/terms/consultation.ts";

/** How far back the first request may lie, in days. */
export const periods = { "7": "この7日", "30": "この30日", "90": "この90日", "365": "この1年" } as const;

const dayMs = 86_400_000;

/** The filter of an address; whatever is not one of our codes counts as not chosen. */
export function readFilter(query: URLSearchParams, now: Date): CaseFilter {
  const one = <T extends object>(name: string, terms: T) => {
    const value = query.get(name) ?? "";
    return Object.hasOwn(terms, value) ? (value as Extract<keyof T, string>) : undefined;
  };
  const days = one("period", periods);
  return {
    state: one("state", caseState) as CaseState | undefined,
    mine: query.get("mine") === "1",
    ...(query.get("check") === "1" && { needsReview: true }),
    holder: query.get("holder") || undefined,
    topic: one("topic", topic),
    relation: one("relation", relation),
    since: days === undefined ? undefined : new Date(now.getTime() - Number(days) * dayMs),
    after: query.get("after") ?? undefined,
  };
}
