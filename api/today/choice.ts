/** Whose cases 「きょう」 lists: the reader's own or everybody's. */

import { and, eq, ne, isNull, or } from "drizzle-orm";
import type { Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { staff as people } from "#db/schema/staff.ts";
import { codes } from "#db/terms/codes.ts";
import { type TodayChoice, todayChoice } from "#db/terms/staff.ts";

/**
 * What the address asks for (`?who=`), which is remembered for the person; without that what they chose last, and
 * everybody's for somebody who never chose. The choice is written while a page is read: it is a convenience of whoever
 * looks, and changes nothing for anybody else.
 */
export async function chooseToday(staff: Staff, asked: string | null): Promise<TodayChoice> {
  const choice = codes(todayChoice).find((code) => code === asked);
  if (choice === undefined) {
    const [row] = await db.select({ last: people.todayChoice }).from(people).where(eq(people.id, staff.id));
    return row?.last ?? "all";
  }
  const isOther = or(isNull(people.todayChoice), ne(people.todayChoice, choice));
  await db
    .update(people)
    .set({ todayChoice: choice })
    .where(and(eq(people.id, staff.id), isOther));
  return choice;
}
