/** What a mail server's replies, and nodemailer's errors, mean for a message. */

import type { Outcome } from "./outcome.ts";

export type SmtpError = Error & { code?: string; command?: string; response?: string; responseCode?: number };

/** nodemailer's codes for a reply that rejects this message, its sender or its recipients, not the connection. */
const rejectionCodes = new Set(["EENVELOPE", "EMESSAGE"]);

/** The outcome of an attempt that failed; `isHandedOver`: after the text had begun to go out. */
export function outcomeOf(error: SmtpError, isHandedOver: boolean): Outcome {
  const { code = "", responseCode = 0, response } = error;
  const reply = response === undefined ? code.slice(0, 40) : replyOf(response);
  if (rejectionCodes.has(code)) {
    // 503 (bad sequence of commands) is about the session, not about the message.
    if (responseCode >= 400 && (responseCode < 500 || responseCode === 503)) return { state: "retry", reply };
    return { state: "failed", reply };
  }
  // 421 (closing the connection) after the text means that the message was not accepted either.
  if (responseCode === 421 && isHandedOver) return { state: "retry", reply };
  if (isHandedOver) return { state: "uncertain", reply };
  // No connection, no login, no TLS, a server that rejects everybody: nothing about this message.
  return { state: "unreachable", reply };
}

/** Reply code and enhanced status (RFC 3463): "250 2.0.0 Ok: queued as …" → "250 2.0.0". The rest is cut off, since it may quote an address. */
export function replyOf(response: string): string {
  return /^\d{3}(?:[ -][245]\.\d{1,3}\.\d{1,3})?/u.exec(response)?.[0].replace("-", " ") ?? "";
}
