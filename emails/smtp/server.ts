/** Conversations with a mail server, over several connections that stay open. */

import type { Readable } from "node:stream";
import { createTransport } from "nodemailer";
import type { DkimSignature } from "./dkim.ts";
import type { Mailer } from "./mailer.ts";
import { mimeOf } from "./mime.ts";
import { outcomeOf, replyOf, type SmtpError } from "./replies.ts";

export function openServer(url: string, connections: number, signature: DkimSignature | undefined): Mailer {
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
      const { mail, release } = await mimeOf(message);
      const isHandedOver = () => texts.get(mail.headers)?.readableDidRead === true;
      try {
        const { response = "" } = await transport.sendMail({ ...mail, ...(signal && { signal }) });
        // After a failure some of the bytes may still lie in a socket's queue.
        release();
        return { state: "accepted", reply: replyOf(response) };
      } catch (error) {
        return outcomeOf(error as SmtpError, isHandedOver());
      }
    },
    close: () => transport.close(),
  };
}
