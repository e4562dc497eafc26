/** An invented absence. */

import { dayAfter, dayOf } from "#db/calendar/days.ts";
import type { Executor } from "#db/client.ts";
import { absences } from "#db/schema/absences.ts";

/** The second coordinator is away for three days from today; the first stands in. Returns how many absences. */
export async function insertSampleAbsence(
  tx: Executor,
  { coordinators: [first = "", second = ""] }: { coordinators: readonly string[] },
  now: Date,
): Promise<number> {
  const fromDay = dayOf(now);
  const days = { fromDay, untilDay: dayAfter(fromDay, 2) };
  await tx.insert(absences).values({ staffId: second, standInId: first, enteredBy: second, enteredAt: now, ...days });
  return 1;
}
