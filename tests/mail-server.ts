/** A real SMTP server that keeps every message it receives, for tests that read what a person would. */

import type { AddressInfo } from "node:net";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer } from "smtp-server";

/** A message as it arrived: parsed, with the recipients of its envelope and its source. */
export type Message = Email & { recipients: string[]; raw: string };

export interface MailServer {
  port: number;
  /** Every message received so far, oldest first. */
  messages: Message[];
  /** The first message that matches, received already or within 20 seconds. */
  waitFor: (matches: (message: Message) => boolean) => Promise<Message>;
  close: () => Promise<void>;
}

/** Listens on a free port of the loopback. */
export async function startMailServer(): Promise<MailServer> {
  const messages: Message[] = [];
  const waiting = new Set<() => void>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    logger: false,
    // Without it, quoted local parts are refused: the parser looks for ".." inside the quotes.
    lenientAddressParsing: true,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", async () => {
        const raw = Buffer.concat(chunks).toString("utf8");
        messages.push({
          ...(await PostalMime.parse(raw)),
          recipients: session.envelope.rcptTo.map(({ address }) => address),
          raw,
        });
        for (const check of waiting) check();
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    messages,
    waitFor: (matches) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error("no such message arrived")), 20_000);
        const check = () => {
          const found = messages.find(matches);
          if (!found) return;
          clearTimeout(timer);
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      }),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
