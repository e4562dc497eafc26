/** One line per request, whichever way it was answered. */

import { log } from "#db/log.ts";

interface Answered {
  requestId: string;
  method: string;
  /** The pattern, never the path: paths hold tokens and ids of families. */
  route: string;
  status: number;
  /** By `performance.now()`. */
  started: number;
  staff?: string | undefined;
}

export function logRequest({ requestId, method, route, status, started, staff }: Answered): void {
  const ms = Math.round((performance.now() - started) * 10) / 10;
  log("request", { requestId, method, route, status, ms, staff });
}
