/**
 * The web part of the process: the site, the HTTP application and the server. Only main.ts imports this file, with
 * `import()`, and only in a process that serves: a worker loads neither Astro nor pages nor Hono nor sign-in.
 */

import { warmUpClicks } from "#analytics/clicks/record.ts";
import { showBrandPictures } from "#api/brand/brand-pictures.ts";
import { installStarter } from "#api/content-files/install.ts";
import { installBundledGuides } from "#api/guides/install-bundled.ts";
import { bodyTimeout, uploadTimeoutMs } from "#api/http/uploads.ts";
import { loadSite, type Site, warmUp } from "#api/pages/site.ts";
import { followPublished, readPublishedCopy } from "#api/published/store.ts";
import { prepareSupportBook } from "#api/support-book/book-files.ts";
import { createWebServer, followChanges } from "#api/web/server.ts";
import { env } from "#db/env.ts";
import { log, traceOf } from "#db/log.ts";

export interface Web {
  /** Listens on HOST and PORT. Returns how to stop: requests under way finish within 5 seconds, idle connections are closed at once. */
  listen: () => Promise<() => Promise<void>>;
  /** What serving needs of the database, once it is open and migrated: called before or after `listen`. */
  prepareDatabase: () => Promise<void>;
  /** Other settings are in force: what pages and pictures show of them is made anew. Resolves when it is. */
  settingsChanged: () => Promise<void>;
}

/** Answers a request that is for no stored page: the Hono application (api/app.ts). */
interface Application {
  fetch: Parameters<typeof createWebServer>[1];
}

/** Milliseconds after which the support book is printed: it takes some seconds of a processor, and nobody waits for it. */
const afterStartMs = 20_000;

let showing: Promise<void> | undefined;
let isStale = false;

/**
 * Makes anew what shows the settings in force: pages, then pictures and covers, which take a second or two. One after the
 * other, and once more when the settings change meanwhile, so that the covers of the last settings are the newest.
 */
export function showSettings(site: Site): Promise<void> {
  site.pages.invalidate();
  isStale = true;
  showing ??= drawWhileStale(site).finally(() => (showing = undefined));
  return showing;
}

async function drawWhileStale(site: Site): Promise<void> {
  while (isStale) {
    isStale = false;
    await showBrandPictures(site, true);
    await installBundledGuides().catch((error: unknown) => log("guides.not_installed", traceOf(error)));
  }
}

/** Loads the built site with the copies of its pages and makes the server; needs no database, and does not listen yet. */
export async function createWeb(createApp: (site: Site) => Application): Promise<Web> {
  await readPublishedCopy();
  const site = await loadSite();
  await site.pages.readCopies();
  await showBrandPictures(site, false);
  const server = createWebServer(site, createApp(site).fetch);
  server.headersTimeout = 10_000;
  server.requestTimeout = uploadTimeoutMs;
  server.on("request", bodyTimeout());
  return {
    listen: async () => {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(env.PORT, env.HOST, resolve);
      });
      const stopPages = site.pages.start();
      void warmUp(site);
      return async () => {
        await new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeIdleConnections();
          setTimeout(() => server.closeAllConnections(), 5000).unref();
        });
        await stopPages();
      };
    },
    settingsChanged: async () => {
      await showSettings(site);
      await prepareSupportBook();
    },
    prepareDatabase: async () => {
      await installBundledGuides();
      await warmUpClicks();
      await installStarter();
      await followPublished(() => site.pages.invalidate());
      await followChanges(site);
      void showBrandPictures(site, true);
      setTimeout(() => void prepareSupportBook(), afterStartMs).unref();
      // Pages that could not be rendered without the database, where the process listens already.
      if (server.listening) void warmUp(site);
    },
  };
}
