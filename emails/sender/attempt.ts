/** One attempt at a message. Nothing here throws: an error is an outcome too. */

import { isDatabaseAway } from "#db/errors.ts";
import { log, traceOf } from "#db/log.ts";
import { heldBackReason } from "#emails/held-back.ts";
import type { compose } from "#emails/outbox/compose.ts";
import { markHandingOver } from "#emails/outbox/mark.ts";
import { type Claimed, leaseSeconds } from "#emails/outbox/outbox.ts";
import type { Mailer, OutgoingMail } from "#emails/smtp/mailer.ts";
import type { Outcome } from "#emails/smtp/outcome.ts";

export interface AttemptParts {
  mailer: Mailer;
  compose: typeof compose;
}

/** A send is given up before its lease ends, so that two senders never hold the same message. */
const sendTimeoutMs = (leaseSeconds - 10) * 1000;

/** Reply of an attempt that did not come as far as the mail server. */
export const notComposed = "not composed";

/** Composes the message, marks it and hands it over. Undefined when another sender has claimed it since. */
export async function attempt(delivery: Claimed, parts: AttemptParts): Promise<Outcome | undefined> {
  const message = await composed(delivery, parts);
  if ("state" in message) return message;
  try {
    if ((await markHandingOver([delivery])).get(delivery.id) !== "go") return undefined;
  } catch (error) {
    return notHandedOver(delivery, error);
  }
  return handToServer(message, parts);
}

/** The message or, where there is none to send, the outcome. */
export async function composed(delivery: Claimed, { compose }: AttemptParts): Promise<OutgoingMail | Outcome> {
  try {
    const message = await compose(delivery);
    if (message === "held_back") return { state: "cancelled", reply: heldBackReason };
    return typeof message === "string" ? { state: message } : message;
  } catch (error) {
    return notHandedOver(delivery, error);
  }
}

/** Hands a message to the mail server. */
export async function handToServer(message: OutgoingMail, { mailer }: AttemptParts): Promise<Outcome> {
  // Not AbortSignal.timeout, which cannot be ended: with a thousand messages a second, fifty thousand of them would wait.
  const tooLong = new AbortController();
  const timer = setTimeout(() => tooLong.abort(), sendTimeoutMs).unref();
  try {
    return await mailer.send(message, tooLong.signal);
  } catch (error) {
    return notHandedOver({ id: message.deliveryId }, error);
  } finally {
    clearTimeout(timer);
  }
}

/** Nothing was handed over: the database was lost, or the message cannot be composed. */
function notHandedOver({ id, kind }: { id: string; kind?: string }, error: unknown): Outcome {
  const trace = traceOf(error);
  log("delivery.not_composed", { id, kind, ...trace });
  return { state: isDatabaseAway(trace.code) ? "unreachable" : "retry", reply: notComposed };
}
