/** The period of a page in its URL, `?from=&to=`. */

import type { AstroGlobal } from "astro";
import { type Period, periodFromInput } from "#analytics/period.ts";
import { dayAfter, dayOf } from "#db/calendar/days.ts";

/**
 * The period asked for, by default the last `days` days. Wrong days are answered with 422, and their form is shown with
 * one sentence per field: then the result is undefined.
 */
export function readPeriod(astro: Pick<AstroGlobal, "url" | "locals" | "response">, days: number): Period | undefined {
  const from = astro.url.searchParams.get("from") ?? "";
  const to = astro.url.searchParams.get("to") ?? "";
  try {
    const { to: end } = periodFromInput({ to, from: to || dayOf(new Date()) });
    return periodFromInput({ to: end, from: from || dayAfter(end, 1 - days) });
  } catch (error) {
    if (!(error instanceof Error && error.name === "Invalid" && "errors" in error)) throw error;
    astro.locals.form = { values: { from, to }, errors: error.errors as Record<string, string> };
    astro.response.status = 422;
    return undefined;
  }
}
