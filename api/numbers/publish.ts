/** Job: publishes the numbers of quarters that are over, each once. */

import { and, asc, eq, sql } from "drizzle-orm";
import { sampleLeads } from "#api/readiness/sample-marks.ts";
import { audit } from "#db/actor.ts";
import { dayAfter, dayOf } from "#db/calendar/days.ts";
import { db, transaction } from "#db/client.ts";
import { publishedQuarters } from "#db/schema/published-numbers.ts";
import { settingsChanges } from "#db/schema/settings.ts";
import { settings } from "#db/settings/settings.ts";
import type { QuarterNumbers } from "#db/terms/published-numbers.ts";
import { daysOf, quarterAfter, quarterOf } from "#db/terms/quarters.ts";
import { countNumbers } from "./count.ts";
import { areNumbersShown } from "./numbers.ts";
import { withholdNumbers } from "./withhold.ts";

/** Days after a quarter's end in which answers are still given and requests looked through. */
export const daysToSettle = 14;

/** The newest quarter that ended at least `daysToSettle` days before `now`. */
export const lastClosed = (now: Date): string => quarterAfter(quarterOf(dayAfter(dayOf(now), -daysToSettle)), -1);

/**
 * Stores each closed quarter since families could come that is not stored yet. What is stored stays as it is, whatever
 * is corrected or erased afterwards. Does nothing while the page is off or the site is not real. Returns how many.
 */
export async function publishNumbers(now: Date): Promise<{ quarters: number }> {
  if (settings().stage !== "real" || !areNumbersShown()) return { quarters: 0 };
  const opened = await openedOn();
  if (opened === undefined) return { quarters: 0 };
  const rows = await db
    .select({ quarter: publishedQuarters.quarter })
    .from(publishedQuarters)
    .where(eq(publishedQuarters.isSample, false));
  const stored = new Set(rows.map(({ quarter }) => quarter));
  let quarters = 0;
  for (let quarter = quarterOf(opened); quarter <= lastClosed(now); quarter = quarterAfter(quarter))
    if (!stored.has(quarter) && (await storeQuarter(quarter, await numbersOf(quarter, opened, now), now))) quarters++;
  return { quarters };
}

/** What would be published of the quarter that runs, were it over now; undefined while the site is not real. */
export async function numbersSoFar(now: Date): Promise<{ quarter: string; numbers: QuarterNumbers } | undefined> {
  const opened = settings().stage === "real" ? await openedOn() : undefined;
  const quarter = quarterOf(dayOf(now));
  return opened === undefined ? undefined : { quarter, numbers: await numbersOf(quarter, opened, now) };
}

async function numbersOf(quarter: string, opened: string, now: Date): Promise<QuarterNumbers> {
  const { from, to } = daysOf(quarter);
  const since = opened > from ? opened : null;
  const counted = await countNumbers({ from: since ?? from, to }, now);
  return withholdNumbers(counted, settings().values.publish_threshold, since);
}

const storeQuarter = (quarter: string, numbers: QuarterNumbers, now: Date): Promise<boolean> =>
  transaction(async (tx) => {
    const stored = await tx
      .insert(publishedQuarters)
      .values({ quarter, numbers, publishedAt: now })
      .onConflictDoNothing()
      .returning({ quarter: publishedQuarters.quarter });
    if (stored.length > 0) await audit(tx, null, "publish", "quarter", quarter, { threshold: numbers.threshold });
    return stored.length > 0;
  });

/**
 * The day since which families write here: that of the switch, before which only staff tried the form. An installation
 * that was in use before there was a switch counts from its first lead.
 */
async function openedOn(): Promise<string | undefined> {
  const [first] = await db
    .select({ at: settingsChanges.changedAt, how: settingsChanges.how })
    .from(settingsChanges)
    .where(and(eq(settingsChanges.key, "stage"), sql`${settingsChanges.after} = '"real"'`))
    .orderBy(asc(settingsChanges.id))
    .limit(1);
  if (first === undefined || first.how !== "upgrade") return first && dayOf(first.at);
  const [lead] = await db.execute<{ at: string | null }>(
    sql`select min(received_at)::text as at from leads where id not in ${sampleLeads}`,
  );
  return lead?.at ? dayOf(new Date(lead.at)) : undefined;
}
