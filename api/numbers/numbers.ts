/** The published numbers of quarters, oldest first, and whether there is a page of them. */

import { asc, eq } from "drizzle-orm";
import { db } from "#db/client.ts";
import { NotFound } from "#db/errors.ts";
import { publishedQuarters } from "#db/schema/published-numbers.ts";
import { settings } from "#db/settings/settings.ts";
import type { QuarterNumbers } from "#db/terms/published-numbers.ts";
import { readTimeoutMs, withTimeout } from "#db/timeout.ts";

export interface PublishedQuarter {
  quarter: string;
  numbers: QuarterNumbers;
  publishedAt: Date;
}

/** Whether the page is there. The sample shows it until somebody decides. */
export const areNumbersShown = (): boolean => settings().given.publish_numbers ?? settings().stage === "sample";

/**
 * Those of the sample while it is shown, else the organisation's own; never both. Throws NotFound while the page is off,
 * and a timeout after `readTimeoutMs` when the database does not answer.
 */
export async function listNumbersOrNotFound(): Promise<PublishedQuarter[]> {
  if (!areNumbersShown()) throw new NotFound("numbers are not published");
  const { quarter, numbers, publishedAt } = publishedQuarters;
  const reading = db
    .select({ quarter, numbers, publishedAt })
    .from(publishedQuarters)
    .where(eq(publishedQuarters.isSample, settings().stage === "sample"))
    .orderBy(asc(quarter));
  return withTimeout(readTimeoutMs, reading);
}
