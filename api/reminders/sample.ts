/** Invented reminders, in cases of the sample that are in work. */

import { and, asc, inArray } from "drizzle-orm";
import { isCaseOfSample } from "#api/case-access/visible.ts";
import { dayAfter, dayOf } from "#db/calendar/days.ts";
import type { Executor } from "#db/client.ts";
import { cases } from "#db/schema/cases.ts";
import { unwrap } from "#db/vault/vault.ts";
import { insertReminder } from "./remind.ts";

/** What is to be done, and how many days from today; some for the peer supporter by name. */
const sampleReminders = [
  { what: "（見本）退院の日が決まったか、お電話でうかがう。", days: -1, isPeers: false },
  { what: "（見本）学校との話し合いの日程を確認する。", days: 0, isPeers: false },
  { what: "（見本）オンラインで話す日を、ご本人と決める。", days: 0, isPeers: true },
  { what: "（見本）進級のようすを聞く。", days: 20, isPeers: false },
];

/** One reminder in each of four cases. Returns how many. */
export async function insertSampleReminders(
  tx: Executor,
  staff: { coordinators: readonly string[]; peer: string },
  now: Date,
): Promise<number> {
  const found = await tx
    .select({ id: cases.id, wrappedKey: cases.wrappedKey })
    .from(cases)
    .where(and(inArray(cases.state, ["open", "waiting"]), isCaseOfSample))
    .orderBy(asc(cases.id))
    .limit(sampleReminders.length);
  const writtenAt = new Date(now.getTime() - 2 * 86_400_000);
  for (const [at, { id, wrappedKey }] of found.entries()) {
    const { what, days, isPeers } = sampleReminders[at] ?? { what: "", days: 0, isPeers: false };
    const place = { caseId: id, key: unwrap(wrappedKey, "cases.wrapped_key", id), entryId: null };
    const form = { what, on: dayAfter(dayOf(now), days), who: isPeers ? staff.peer : undefined };
    await insertReminder(tx, { id: staff.coordinators[0] ?? "" }, place, form, writtenAt);
  }
  return found.length;
}
