/** The HTTP server: stored pages on node:http itself, the Hono application behind, limits on both. */

import { createServer, type Server } from "node:http";
import { limitConnections, oneRequestAtATime } from "#api/http/connections.ts";
import { answerUnreadable, requestListener } from "#api/http/protocol.ts";
import type { Site } from "#api/pages/site.ts";
import { listen } from "#db/client.ts";
import { pageListener } from "./listener.ts";

/** Milliseconds that a connection may rest between requests. */
const keepAliveTimeout = 5000;

/** A server for this site and application, not yet listening. */
export function createWebServer(site: Site, fetch: Parameters<typeof requestListener>[0]): Server {
  const server = createServer({ keepAliveTimeout }, oneRequestAtATime(pageListener(site, requestListener(fetch))));
  limitConnections(server);
  answerUnreadable(server);
  return server;
}

/** The channel on which the database tells of content that pages show (a trigger on each such table). */
const channel = "pages_changed";

/**
 * Renders the stored pages anew when their content changes, in whichever process. Whenever listening begins all
 * are rendered, since a change may have been missed. Returns how to stop.
 */
export const followChanges = (site: Site): Promise<() => Promise<void>> =>
  listen(
    channel,
    () => site.pages.invalidate(),
    () => site.pages.invalidate(),
  );
