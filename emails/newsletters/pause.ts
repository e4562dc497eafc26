/** Stopping an issue in the middle: for a while, or for good. What is under way to the mail server at that moment still goes out. */

import { eq } from "drizzle-orm";
import { allow, audit, type Staff } from "#db/actor.ts";
import { type Transaction, transaction } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { newsletters } from "#db/schema/mail.ts";
import type { NewsletterState } from "#db/terms/mail.ts";
import { staffNewsletterWords } from "#db/words/staff/newsletters.ts";
import { cancelWaiting, park, unpark } from "#emails/outbox/advance-newsletters.ts";
import { findNewsletter, writers } from "./newsletters.ts";

const { refused } = staffNewsletterWords;

/** Pauses an issue that is being sent; returns how many messages wait. Throws Refused in any other state. */
export const pauseNewsletter = (staff: Staff, id: string): Promise<number> =>
  steer(staff, id, { action: "pause", from: ["sending"], to: "paused", otherwise: refused.notSending, move: park });

/** Goes on with a paused issue; returns how many messages are due now. Throws Refused in any other state. */
export const resumeNewsletter = (staff: Staff, id: string): Promise<number> =>
  steer(staff, id, { action: "resume", from: ["paused"], to: "sending", otherwise: refused.notPaused, move: unpark });

/** Ends an issue for good; returns how many messages are not sent any more. Throws Refused unless it is being sent or paused. */
export const cancelNewsletter = (staff: Staff, id: string): Promise<number> =>
  steer(staff, id, {
    action: "cancel",
    from: ["sending", "paused"],
    to: "cancelled",
    otherwise: refused.notSending,
    move: cancelWaiting,
  });

interface Step {
  action: "pause" | "resume" | "cancel";
  from: NewsletterState[];
  to: NewsletterState;
  /** The sentence in any state but `from`. */
  otherwise: string;
  /** What it means for the messages that wait; returns how many. */
  move: (tx: Transaction, id: string) => Promise<number>;
}

async function steer(staff: Staff, id: string, { action, from, to, otherwise, move }: Step): Promise<number> {
  allow(staff, ...writers);
  return transaction(async (tx) => {
    const { state } = await findNewsletter(tx, id, true);
    if (!from.includes(state)) throw new Refused(otherwise);
    await tx.update(newsletters).set({ state: to }).where(eq(newsletters.id, id));
    const count = await move(tx, id);
    await audit(tx, staff, action, "newsletter", id, { count });
    return count;
  });
}
