/**
 * One JSON line per request and per job. Only ids, routes, states and durations: an error's own
 * message may quote what a family wrote (drizzle lists parameters in it), so it is never logged.
 */

import { env } from "./env.ts";

type Fields = Record<string, string | number | boolean | null | undefined>;

/** The fields of an error that may be logged. */
export interface Trace extends Fields {
  error: string;
  code?: string | undefined;
}

/** Writes a line to stderr; stdout belongs to commands that print an answer. */
export function log(event: string, fields: Fields = {}): void {
  if (env.LOG === "off") return;
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), event, ...fields })}\n`);
}

/** A frame of a stack, in ASCII only: `at name (file:///place.ts:1:2)`. */
const frame = /^\s+at [\w.$<>[\]#:/@+() -]+:\d+:\d+\)?$/u;

/** Names and codes are short and ASCII; anything else could be personal data. */
const plain = (value: unknown) => (typeof value === "string" && /^[\w.-]{1,80}$/u.test(value) ? value : undefined);

/** The parts of an error that cannot hold personal data: its class, code and stack positions. */
export function traceOf(error: unknown): Trace {
  if (!(error instanceof Error)) return { error: typeof error };
  const cause = error.cause instanceof Error ? error.cause : error;
  const { code, constraint_name, table_name } = cause as Error & Record<string, unknown>;
  // The stack begins with the message, whose lines may look like frames.
  const frames = (cause.stack ?? "")
    .replace(cause.message, "")
    .split("\n")
    .filter((line) => frame.test(line));
  return {
    error: plain(error.name) ?? "Error",
    code: plain(code),
    constraint: plain(constraint_name),
    table: plain(table_name),
    stack: frames
      .slice(0, 6)
      .map((line) => line.trim().replaceAll(process.cwd(), ""))
      .join(" | "),
  };
}
