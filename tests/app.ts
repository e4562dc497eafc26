/** The whole product in this process: pages, routes, ledger, and a real SMTP conversation. */

import PostalMime, { type Email } from "postal-mime";
import { SMTPServer } from "smtp-server";
import { warmUpClicks } from "#analytics/clicks/record.ts";
import { createApp } from "#api/app.ts";
import { installBundledGuides } from "#api/guides/install-bundled.ts";
import { requestListener } from "#api/http/protocol.ts";
import { Front } from "#api/web/front.ts";
import { loadSite } from "#api/web/pages.ts";
import { env } from "#db/env.ts";
import { openMailer } from "#emails/outbox/mailer.ts";
import { startSender } from "#emails/outbox/sender.ts";

/** The built site, with everything ready that a start makes ready. */
async function readySite() {
  await installBundledGuides();
  await warmUpClicks();
  const site = await loadSite();
  await site.settled;
  return site;
}

/** The Hono application over the built site, for `app.request()`. */
export const application = async () => createApp(await readySite());

export interface Letterbox {
  port: number;
  /** Every message received so far, oldest first. */
  letters: (Email & { recipients: string[]; raw: string })[];
  /** The next message that fits, received already or within 20 seconds. */
  expect: (fits: (letter: Email & { recipients: string[] }) => boolean) => Promise<Email & { raw: string }>;
  close: () => Promise<void>;
}

/** A real SMTP server that keeps what it is given. */
export async function openLetterbox(): Promise<Letterbox> {
  const letters: Letterbox["letters"] = [];
  const waiting = new Set<() => void>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    logger: false,
    // Knows no quoted local parts otherwise: it looks for ".." inside the quotes.
    lenientAddressParsing: true,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", async () => {
        const raw = Buffer.concat(chunks).toString("utf8");
        letters.push({
          ...(await PostalMime.parse(raw)),
          recipients: session.envelope.rcptTo.map(({ address }) => address),
          raw,
        });
        for (const look of waiting) look();
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.server.address() as { port: number }).port,
    letters,
    expect: (fits) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error("no such letter arrived")), 20_000);
        const look = () => {
          const found = letters.find(fits);
          if (!found) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Serves on PUBLIC_ORIGIN and sends to the letterbox until closed. */
export async function startApp(letterbox: Letterbox) {
  const site = await readySite();
  const server = new Front(site, requestListener(createApp(site).fetch));
  await new Promise<void>((resolve) => server.listen(env.PORT, "127.0.0.1", resolve));
  const sender = startSender({ mailer: openMailer({ smtpUrl: `smtp://127.0.0.1:${letterbox.port}` }), pollMs: 200 });
  return {
    origin: env.PUBLIC_ORIGIN,
    close: async () => {
      await sender.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
