/** The request log: one JSON line per request. */

import { log } from "#db/log.ts";

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
  log("request", { requestId, method, route, status, ms, staff });
}
