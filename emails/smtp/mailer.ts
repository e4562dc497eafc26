/** Hands messages to a mail server by SMTP, or writes them as .eml files when none is configured. */

import { env } from "#db/env.ts";
import type { Address } from "#emails/addresses.ts";
import type { Copy } from "#emails/composers/composed.ts";
import { mailFolder } from "#emails/mail-files.ts";
import type { MailContent } from "#emails/templates/mail-content.ts";
import { type DkimSignature, dkimFromEnv } from "./dkim.ts";
import { openMailFolder } from "./folder.ts";
import type { Outcome } from "./outcome.ts";
import { openServer } from "./server.ts";

/** A mail's content with its recipients and its fixed Message-ID. */
export interface OutgoingMail extends MailContent {
  deliveryId: string;
  messageId: string;
  to: Address[];
  /** Of a mail that many get: what all of them share, prepared once, so that only this one's own words are put in. */
  copy?: Copy | undefined;
}

export interface Mailer {
  /** Sends one message. Whatever the server does, or fails to do, is an outcome and no exception; `signal` ends a send that takes too long. */
  send: (message: OutgoingMail, signal?: AbortSignal) => Promise<Outcome>;
  close: () => void;
}

interface Options {
  smtpUrl?: string | undefined;
  connections?: number;
  signature?: DkimSignature | undefined;
  folder?: string;
}

/** A mailer for the server that SMTP_URL names or, without one, for the folder DATA_DIR/outbox. */
export function openMailer(options: Options = {}): Mailer {
  const settings = {
    smtpUrl: env.SMTP_URL,
    connections: env.MAIL_CONNECTIONS,
    folder: mailFolder(),
    ...options,
  };
  const signature = "signature" in options ? options.signature : dkimFromEnv();
  return settings.smtpUrl === undefined
    ? openMailFolder(settings.folder, signature)
    : // One more than newsletters may use at once: a receipt finds a connection while they are all taken.
      openServer(settings.smtpUrl, settings.connections + 1, signature);
}
