/** The request log: one JSON line per request, gathered with the others of the same turn of the event loop. */

import { logGathered } from "#db/log.ts";

interface RequestLogEntry {
  requestId: string;
  method: string;
  /** The route pattern, never the path: paths hold tokens and ids of families. */
  route: string;
  status: number;
  /** When the request began, in milliseconds of `performance.now()`. */
  started: number;
  staff?: string | undefined;
}

export function logRequest({ requestId, method, route, status, started, staff }: RequestLogEntry): void {
  const ms = Math.round((performance.now() - started) * 10) / 10;
  logGathered("request", { requestId, method, route, status, ms, staff });
}
