/** The whole product in this process: pages, routes and the sender of mails. */

import { warmUpClicks } from "#analytics/clicks/record.ts";
import { createApp } from "#api/app.ts";
import { installStarter } from "#api/content-files/install.ts";
import { installBundledGuides } from "#api/guides/install-bundled.ts";
import { loadSite, warmUp } from "#api/pages/site.ts";
import { showSettings } from "#api/process/serve.ts";
import { followPublished } from "#api/published/store.ts";
import { createWebServer, followChanges } from "#api/web/server.ts";
import { env } from "#db/env.ts";
import { followSettings } from "#db/settings/store.ts";
import { startSender } from "#emails/sender/sender.ts";
import { openMailer } from "#emails/smtp/mailer.ts";
import type { MailServer } from "./mail-server.ts";

/** The built site, with everything ready that a start makes ready. */
async function readySite() {
  await installBundledGuides();
  await installStarter();
  await warmUpClicks();
  return loadSite();
}

/** The Hono application over the built site, for `app.request()`; its pages follow what changes, until the database is disconnected. */
export async function application() {
  const site = await readySite();
  await followPublished(() => site.pages.invalidate());
  await followChanges(site);
  return createApp(site);
}

/** Serves on PUBLIC_ORIGIN and sends mails to this server until closed. */
export async function startApp(mailServer: MailServer) {
  const site = await readySite();
  const server = createWebServer(site, createApp(site).fetch);
  const stopContent = await followPublished(() => site.pages.invalidate());
  const stopFollowing = await followChanges(site);
  const stopSettings = await followSettings(() => void showSettings(site));
  await new Promise<void>((resolve) => server.listen(env.PORT, "127.0.0.1", resolve));
  const sender = startSender({ mailer: openMailer({ smtpUrl: `smtp://127.0.0.1:${mailServer.port}` }), pollMs: 200 });
  return {
    origin: env.PUBLIC_ORIGIN,
    /** Renders every stored page, and waits until the copies lie on disk. */
    warm: async () => {
      await warmUp(site);
      await site.pages.settled();
    },
    close: async () => {
      await sender.stop();
      await stopSettings();
      await stopContent();
      await stopFollowing();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
