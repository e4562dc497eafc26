/**
 * Hands messages to a mail server, or writes them as files when none is configured. The only file
 * that sees nodemailer.
 */

import { createPrivateKey, type KeyObject } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { createTransport } from "nodemailer";
import { env } from "#db/env.ts";
import { type Address, senderAddress } from "#emails/addresses.ts";
import type { MailContent } from "#emails/templates/mail-content.ts";
import type { Outcome } from "./outbox.ts";

/** A letter with its addresses, ready to leave. */
export interface OutgoingMail extends MailContent {
  deliveryId: string;
  messageId: string;
  to: Address[];
}

export interface Mailer {
  /** Never throws for the server's sake: whatever happens is an outcome. */
  send: (message: OutgoingMail, signal?: AbortSignal) => Promise<Outcome>;
  close: () => void;
}

export interface DkimSignature {
  domainName: string;
  keySelector: string;
  privateKey: KeyObject;
  headerFieldNames: string;
}

interface Options {
  smtpUrl?: string | undefined;
  connections?: number;
  signature?: DkimSignature | undefined;
  folder?: string;
}

/** RFC 8058 voids one-click when List-Unsubscribe-Post is not signed; the library's own list lacks it. */
const signedHeaders =
  "From:To:Subject:Date:Message-ID:MIME-Version:Content-Type:Content-Transfer-Encoding:Reply-To:Auto-Submitted:List-Id:List-Unsubscribe:List-Unsubscribe-Post";

/** The DKIM signature of the environment, if one is configured. Throws a sentence when it is half configured. */
export function dkimFromEnv({
  DKIM_DOMAIN,
  DKIM_SELECTOR,
  DKIM_KEY_FILE,
}: Pick<typeof env, "DKIM_DOMAIN" | "DKIM_SELECTOR" | "DKIM_KEY_FILE"> = env): DkimSignature | undefined {
  if (DKIM_DOMAIN === undefined && DKIM_SELECTOR === undefined && DKIM_KEY_FILE === undefined) return undefined;
  if (DKIM_DOMAIN === undefined || DKIM_SELECTOR === undefined || DKIM_KEY_FILE === undefined)
    throw new Error("DKIM needs all three of DKIM_DOMAIN, DKIM_SELECTOR and DKIM_KEY_FILE.");
  // Parsed once: signing with a key object takes half the time of signing with PEM text.
  const privateKey = createPrivateKey(readFileSync(DKIM_KEY_FILE));
  // The library signs rsa-sha256 only and would send a message unsigned rather than say so.
  if (privateKey.asymmetricKeyType !== "rsa")
    throw new Error("The environment variable DKIM_KEY_FILE is not usable: it must hold an RSA key.");
  return { domainName: DKIM_DOMAIN, keySelector: DKIM_SELECTOR, privateKey, headerFieldNames: signedHeaders };
}

/** Opens what SMTP_URL names, or the folder DATA_DIR/outbox. */
export function openMailer(options: Options = {}): Mailer {
  const settings = {
    smtpUrl: env.SMTP_URL,
    connections: env.MAIL_CONNECTIONS,
    folder: join(env.DATA_DIR, "outbox"),
    ...options,
  };
  const signature = "signature" in options ? options.signature : dkimFromEnv();
  return settings.smtpUrl === undefined
    ? openFolder(settings.folder, signature)
    : openServer(settings.smtpUrl, settings.connections, signature);
}

function openServer(url: string, connections: number, signature: DkimSignature | undefined): Mailer {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: connections,
    maxMessages: 1000,
    // What to send again, and when, is the outbox's decision alone.
    maxRequeues: 0,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 40_000,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(signature && { dkim: signature }),
  });
  const texts = new WeakMap<object, Readable>();
  // nodemailer names any lost connection "CONN", whatever the phase. The text of a message is read
  // from its stream only after the server has answered DATA, so the stream itself tells the phase.
  transport.use("stream", (mail, done) => {
    const create = mail.message.createReadStream.bind(mail.message);
    mail.message.createReadStream = (readOptions) => {
      const text = create(readOptions);
      texts.set(mail.data.headers as object, text);
      return text;
    };
    done();
  });
  return {
    send: async (message, signal) => {
      const mail = toMail(message);
      const isHandedOver = () => texts.get(mail.headers)?.readableDidRead === true;
      try {
        const { response = "" } = await transport.sendMail({ ...mail, ...(signal && { signal }) });
        return { state: "accepted", reply: replyOf(response) };
      } catch (error) {
        return outcomeOf(error as SmtpError, isHandedOver());
      }
    },
    close: () => transport.close(),
  };
}

function openFolder(folder: string, signature: DkimSignature | undefined): Mailer {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const writer = createTransport({
    streamTransport: true,
    buffer: true,
    newline: "windows",
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(signature && { dkim: signature }),
  });
  return {
    send: async (message) => {
      const { message: bytes } = await writer.sendMail(toMail(message));
      await writeWhole(join(folder, `${message.deliveryId}.eml`), bytes as Buffer);
      return { state: "accepted", reply: "file" };
    },
    close: () => writer.close(),
  };
}

/** The whole file or none of it, on the disk before it counts as sent. */
async function writeWhole(path: string, bytes: Buffer): Promise<void> {
  const file = await open(`${path}.tmp`, "w", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.tmp`, path);
}

/** Addresses go as objects: in a string, a family's own words could turn into another recipient. */
function toMail({ messageId, to, subject, text, html, headers }: OutgoingMail) {
  return { from: senderAddress, to, messageId, subject, text, html, headers: { ...headers }, xMailer: false as const };
}

type SmtpError = Error & { code?: string; command?: string; response?: string; responseCode?: number };

/** Errors in which the server speaks about this message, not about us or the connection. */
const aboutTheMessage = new Set(["EENVELOPE", "EMESSAGE"]);

function outcomeOf(error: SmtpError, isHandedOver: boolean): Outcome {
  const { code = "", responseCode = 0, response } = error;
  const reply = response === undefined ? code.slice(0, 40) : replyOf(response);
  if (aboutTheMessage.has(code)) {
    // 503 says that the session was out of step, not that the message is unwanted.
    if (responseCode >= 400 && (responseCode < 500 || responseCode === 503)) return { state: "retry", reply };
    return { state: "failed", reply };
  }
  // "421 closing" answers the message too: it was not taken.
  if (responseCode === 421 && isHandedOver) return { state: "retry", reply };
  if (isHandedOver) return { state: "uncertain", reply };
  // No connection, no login, no TLS, a server that turns everyone away: nothing about this message.
  return { state: "unreachable", reply };
}

/** "250 2.0.0 Ok: queued as …" → "250 2.0.0"; the words may quote an address. */
function replyOf(response: string): string {
  return /^\d{3}(?:[ -][245]\.\d{1,3}\.\d{1,3})?/u.exec(response)?.[0].replace("-", " ") ?? "";
}
