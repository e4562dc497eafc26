/** Issues and their messages, as the tests of sending, stopping and deciding need them. */

import { and, asc, eq, sql } from "drizzle-orm";
import type { Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { deliveries, newsletters } from "#db/schema/mail.ts";
import type { DeliveryState } from "#db/terms/mail.ts";
import { sendNewsletterCommand } from "#emails/newsletters/send.ts";
import { createNewsletter } from "#emails/newsletters/write.ts";
import { makeSubscriber } from "../fixtures.ts";

export const draft = { subject: "秋のたより", body: "## こんにちは\n\n講演会のお知らせです。" };

/** Readers who confirmed, one who has yet to, and one who left. */
export async function makeReaders(confirmed: number): Promise<void> {
  for (let i = 0; i < confirmed; i++) await makeSubscriber(`reader${i}@example.jp`);
  await makeSubscriber("pending@example.jp", "pending");
  await makeSubscriber("left@example.jp", "unsubscribed");
}

/** An issue that is being sent to so many readers, and its messages. */
export async function sendTo(writer: Staff, count: number) {
  await makeReaders(count);
  const id = await createNewsletter(writer, draft);
  await sendNewsletterCommand(id);
  return { id, rows: await copiesOf(id) };
}

export const copiesOf = (id: string) =>
  db
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.newsletterId, id), eq(deliveries.kind, "newsletter")))
    .orderBy(asc(deliveries.id));

export async function issueOf(id: string) {
  const [issue] = await db.select().from(newsletters).where(eq(newsletters.id, id));
  if (!issue) throw new Error("no such issue");
  return issue;
}

/** Makes a message what a sender would have made it. */
export const become = (row: { id: string } | undefined, state: DeliveryState, reply: string | null = null) =>
  db
    .update(deliveries)
    .set({
      ...{ state, reply, attempts: 1 },
      finishedAt: ["queued", "retry", "leased"].includes(state) ? null : sql`now()`,
      leasedUntil: state === "leased" ? sql`now() + interval '1 minute'` : null,
    })
    .where(eq(deliveries.id, row?.id ?? ""));

/** As if so much time had passed since it was scheduled. */
export const bringForward = (id: string, interval: string) =>
  db
    .update(newsletters)
    .set({ startAt: sql`start_at - ${interval}::interval` })
    .where(eq(newsletters.id, id));

/** How many messages are in which state. */
export const statesOf = async (id: string) => {
  const states: Partial<Record<DeliveryState, number>> = {};
  for (const { state } of await copiesOf(id)) states[state] = (states[state] ?? 0) + 1;
  return states;
};
