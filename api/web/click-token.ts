/** The click token of a visit: a landing from an advertisement is recorded as a click, and its token carried on. */

import { arrive } from "#analytics/clicks/arrive.ts";
import { isLanding } from "#analytics/clicks/attribution.ts";
import { recordClick } from "#analytics/clicks/record.ts";
import { clickIdOf, isPrefetchToken, noteFormOpened } from "#analytics/clicks/token.ts";

/** The headers by which browsers say that they fetch a page ahead, in lower case. */
export const purposeHeaders = ["sec-purpose", "purpose", "x-purpose", "x-moz"] as const;

export interface Visit {
  method: string;
  path: string;
  query: URLSearchParams;
  /** A header of the request, by its name in lower case. */
  header: (name: "user-agent" | (typeof purposeHeaders)[number]) => string | undefined;
  /** Read only for a landing, and for a page that was fetched ahead. */
  network: () => string;
  /** There is no page at this path. */
  isMissing?: boolean;
}

/** Whether the browser fetches the page ahead (Sec-Purpose: prefetch;prerender, Purpose: prefetch, X-Moz: prefetch). */
const isPrefetch = ({ header }: Visit): boolean =>
  purposeHeaders.some((name) => /prefetch|prerender|preview/iu.test(header(name) ?? ""));

/** The token for the links of this page: of the click just recorded, or the valid one that came in `c`. Never throws. */
export function clickToken(visit: Visit): Promise<string | undefined> | string | undefined {
  const { method, path, query, header, network, isMissing } = visit;
  const carried = query.get("c") ?? undefined;
  const previous = clickIdOf(carried);
  const valid = previous === undefined ? undefined : carried;
  if (method !== "GET" || holdsToken(path)) return valid;
  if (isLanding(query)) {
    const landing = { path, userAgent: header("user-agent"), network: network(), isPrefetch: isPrefetch(visit) };
    return recordClick(query, { ...landing, previous, isMissing }).then((fresh) => noteForm(visit, fresh ?? valid));
  }
  if (valid === undefined || isPrefetch(visit)) return valid;
  return isPrefetchToken(valid)
    ? arrive(valid, network()).then((token) => noteForm(visit, token))
    : noteForm(visit, valid);
}

/** Notes that the form for a consultation was opened with this token; the page does not wait for it. */
function noteForm({ path }: Visit, token: string | undefined): string | undefined {
  if (token !== undefined && isForm(path)) void noteFormOpened(token);
  return token;
}

/** The pages with the form, in each language and for professionals. */
const isForm = (path: string) => /^\/(?:en\/|easy\/)?consultation(?:\/professional)?$/u.test(path);

/** Paths with a personal token, which only our own links lead to: never an advertisement's landing, and never stored. */
const holdsToken = (path: string) =>
  /^\/(?:u|newsletter\/(?:confirm|preferences)|consultation\/receipt|guides\/received)\//u.test(path);
