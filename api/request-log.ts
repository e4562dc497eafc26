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

export function logRequest({ started, staff, ...answered }: Answered): void {
  log("request", { ...answered, ms: Math.round((performance.now() - started) * 10) / 10, staff });
}
