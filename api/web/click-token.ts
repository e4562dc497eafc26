/** The click token of a visit: a landing from an advertisement is recorded as a click, and its token carried on. */

import { isLanding } from "#analytics/clicks/attribution.ts";
import { clickIdOf, recordClick } from "#analytics/clicks/record.ts";

export interface Visit {
  method: string;
  path: string;
  query: URLSearchParams;
  userAgent: string | undefined;
  /** Read only for a landing. */
  network: () => string;
}

/** The token for the links of this page: of the click just recorded, or the valid one that came in `c`. Never throws. */
export function clickToken({
  method,
  path,
  query,
  userAgent,
  network,
}: Visit): Promise<string | undefined> | string | undefined {
  const carried = query.get("c") ?? undefined;
  const valid = clickIdOf(carried) === undefined ? undefined : carried;
  if (method !== "GET" || holdsToken(path) || !isLanding(query)) return valid;
  return recordClick(query, { path, userAgent, network: network() }).then((fresh) => fresh ?? valid);
}

/** Paths with a personal token, which only our own links lead to: never an advertisement's landing, and never stored. */
const holdsToken = (path: string) =>
  /^\/(?:u|newsletter\/(?:confirm|preferences)|consultation\/receipt|guides\/received)\//u.test(path);
