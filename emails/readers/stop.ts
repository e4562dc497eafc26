/** Stopping what a reader gets, for somebody who asks by telephone or letter. */

import { and, eq } from "drizzle-orm";
import type { Staff } from "#db/actor.ts";
import { transaction } from "#db/client.ts";
import { Invalid } from "#db/errors.ts";
import { lists, subscriptions } from "#db/schema/mail.ts";
import { readerWords } from "#db/words/staff/readers.ts";
import { leaveList, unsubscribeAll } from "#emails/lists/unsubscribe.ts";
import { lockReader } from "./find.ts";

/** Stops one list, by its slug, as the reader's own link does. Stopping it again changes nothing. Throws Forbidden, NotFound, Invalid for a list they never asked for. */
export async function stopList(staff: Staff, id: string, slug: string, now = new Date()): Promise<void> {
  await transaction(async (tx) => {
    await lockReader(tx, staff, id);
    const [row] = await tx
      .select({ subscriptionId: subscriptions.id })
      .from(subscriptions)
      .innerJoin(lists, eq(lists.id, subscriptions.listId))
      .where(and(eq(subscriptions.subscriberId, id), eq(lists.slug, slug)));
    if (!row) throw new Invalid({ list: readerWords.listUnknown });
    await leaveList(tx, { subscriberId: id, ...row }, now, staff);
  });
}

/** Stops everything, and suppresses the address until the person confirms anew. Throws Forbidden, NotFound. */
export async function stopEverything(staff: Staff, id: string, now = new Date()): Promise<void> {
  await transaction(async (tx) => {
    await lockReader(tx, staff, id);
    await unsubscribeAll(tx, id, now, staff);
  });
}
