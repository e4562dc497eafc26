/**
 * Hands messages to a mail server by SMTP, or writes them as .eml files when none is configured. The
 * only file that imports nodemailer.
 */

import { createPrivateKey, type KeyObject } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { createTransport } from "nodemailer";
import { env } from "#db/env.ts";
import { type Address, senderAddress } from "#emails/addresses.ts";
import type { MailContent } from "#emails/templates/mail-content.ts";
import type { Outcome } from "./outbox.ts";

/** A mail's content with its recipients and its fixed Message-ID. */
export interface OutgoingMail extends MailContent {
  deliveryId: string;
  messageId: string;
  to: Address[];
}

export interface Mailer {
  /** Sends one message. Whatever the server does, or fails to do, is an outcome and no exception; `signal` ends a send that takes too long. */
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

/** The headers that DKIM signs. RFC 8058 requires List-Unsubscribe and List-Unsubscribe-Post among them; nodemailer's own list lacks the second. */
const signedHeaders =
  "From:To:Subject:Date:Message-ID:MIME-Version:Content-Type:Content-Transfer-Encoding:Reply-To:Auto-Submitted:List-Id:List-Unsubscribe:List-Unsubscribe-Post";

/** The DKIM settings of the environment; undefined when there are none. Throws, with a sentence that names the variables, when some are missing or the key is not RSA. */
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
  // nodemailer signs with rsa-sha256 only; given another key it sends the message unsigned and reports nothing.
  if (privateKey.asymmetricKeyType !== "rsa")
    throw new Error("The environment variable DKIM_KEY_FILE is not usable: it must hold an RSA key.");
  return { domainName: DKIM_DOMAIN, keySelector: DKIM_SELECTOR, privateKey, headerFieldNames: signedHeaders };
}

/** A mailer for the server that SMTP_URL names or, without one, for the folder DATA_DIR/outbox. */
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
    // Retries are the outbox's alone: a second queue in here would not survive a crash.
    maxRequeues: 0,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 40_000,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(signature && { dkim: signature }),
  });
  const texts = new WeakMap<object, Readable>();
  // nodemailer reports a lost connection by the same code in every phase of the conversation. It reads
  // the text from its stream only after the server has answered DATA, so a stream that was read from
  // means that the message may have been handed over.
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

/** How far the conversation with a mail server came: `ready` is as far as a message would need. */
export interface MailServerState {
  state: "ready" | "refused_login" | "no_login" | "no_tls" | "certificate" | "timeout" | "unreachable";
  /** Reply code of the server, or the error's code. */
  reply: string;
  isEncrypted: boolean;
  isSignedIn: boolean;
}

const isLoopback = (url: string) => /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/u.test(new URL(url).hostname);

/**
 * Greets the mail server, encrypts (which a server on this machine need not), signs in where the URL holds a name, and
 * says goodbye. Never throws.
 */
export async function verifyMailServer(
  url: string,
  { timeoutMs = 10_000, needsTls = !isLoopback(url) } = {},
): Promise<MailServerState> {
  const { protocol, username } = new URL(url);
  const [isEncrypted, isSignedIn] = [needsTls || protocol === "smtps:", username !== ""];
  const transport = createTransport({
    url,
    ...(needsTls && protocol === "smtp:" && { requireTLS: true }),
    // A server that offers no login is not passed over in silence, as it is with messages.
    forceAuth: isSignedIn,
    ...{ connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs },
  });
  try {
    await transport.verify();
    return { state: "ready", reply: "", isEncrypted, isSignedIn };
  } catch (error) {
    return { ...troubleOf(error as SmtpError), isEncrypted, isSignedIn };
  } finally {
    transport.close();
  }
}

function troubleOf(error: SmtpError): Pick<MailServerState, "state" | "reply"> {
  const { code = "", responseCode = 0, response, message } = error;
  const reply = (response === undefined ? "" : replyOf(response)) || code.slice(0, 40);
  // 500 to 504: the server does not know the command.
  if (code === "EAUTH") return { state: /^50\d$/u.test(String(responseCode)) ? "no_login" : "refused_login", reply };
  if (/certificate|altnames|self[- ]signed/iu.test(message)) return { state: "certificate", reply };
  if (code === "ETLS") return { state: "no_tls", reply };
  return { state: code === "ETIMEDOUT" ? "timeout" : "unreachable", reply };
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
      try {
        await writeWhole(join(folder, `${message.deliveryId}.eml`), bytes as Buffer);
      } catch (error) {
        // A full disk, as a rule: nothing about this message, like a server that does not answer.
        return { state: "unreachable", reply: (error as SmtpError).code ?? "" };
      }
      return { state: "accepted", reply: "file" };
    },
    close: () => writer.close(),
  };
}

/** Writes atomically: under another name first, flushed to the disk (fsync), then renamed. Leaves nothing where it fails. */
async function writeWhole(path: string, bytes: Buffer): Promise<void> {
  const file = await open(`${path}.tmp`, "w", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } catch (error) {
    await rm(`${path}.tmp`, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  await rename(`${path}.tmp`, path);
}

/** In nodemailer's shape. Addresses are passed as objects: from a string with a comma, typed by anybody, the library would read a second recipient. */
function toMail({ messageId, to, subject, text, html, headers }: OutgoingMail) {
  return {
    from: senderAddress(),
    to,
    messageId,
    subject,
    text,
    html,
    headers: { ...headers },
    xMailer: false as const,
  };
}

type SmtpError = Error & { code?: string; command?: string; response?: string; responseCode?: number };

/** nodemailer's codes for a reply that rejects this message, its sender or its recipients, not the connection. */
const rejectionCodes = new Set(["EENVELOPE", "EMESSAGE"]);

function outcomeOf(error: SmtpError, isHandedOver: boolean): Outcome {
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
function replyOf(response: string): string {
  return /^\d{3}(?:[ -][245]\.\d{1,3}\.\d{1,3})?/u.exec(response)?.[0].replace("-", " ") ?? "";
}
