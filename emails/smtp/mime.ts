/** Messages as nodemailer takes them: to be built whole or, of a mail that many get, as bytes that were prepared once. */

import { senderAddress } from "#emails/addresses.ts";
import type { OutgoingMail } from "./mailer.ts";
import { copyBytes } from "./prepared.ts";

/**
 * The message in nodemailer's shape; `headers` is a new object each time, by which server.ts finds the text of a message.
 * `release` is to be called once a server has all of it.
 */
export async function mimeOf(message: OutgoingMail) {
  const { copy } = message;
  if (copy === undefined) return { mail: { ...wholeMail(message), xMailer: false as const }, release: () => {} };
  const { bytes, release } = await copyBytes(message, copy);
  // The bytes hold all headers; the envelope is told apart, in nodemailer's normal form of addresses as well.
  const envelope = { from: senderAddress(), to: message.to };
  // Named beside the bytes that hold it: otherwise nodemailer makes one of its own, for the log, at the cost of five random numbers.
  return { mail: { raw: bytes, envelope, messageId: message.messageId, headers: {} }, release };
}

/** Addresses are passed as objects: from a string with a comma, typed by anybody, the library would read a second recipient. */
export function wholeMail({ messageId, to, subject, text, html, headers, replyTo = "" }: OutgoingMail) {
  return {
    from: senderAddress(),
    to,
    ...(replyTo !== "" && { replyTo: { name: "", address: replyTo } }),
    messageId,
    subject,
    text,
    html,
    headers: { ...headers },
  };
}
