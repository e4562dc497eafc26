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

const lineOf = (event: string, fields: Fields) =>
  `${JSON.stringify({ at: new Date().toISOString(), event, ...fields })}\n`;

/** Lines that `logGathered` holds until the end of this turn of the event loop. */
let gathered = "";

/** Writes a line to stderr at once, after those gathered before it; stdout belongs to commands that print an answer. */
export function log(event: string, fields: Fields = {}): void {
  if (env.LOG === "off") return;
  gathered += lineOf(event, fields);
  writeGathered();
}

/**
 * The same for a line that comes with every request: all of one turn of the event loop are written together, since a
 * write of its own for each page costs a quarter of the page's time. At exit the rest is written.
 */
export function logGathered(event: string, fields: Fields = {}): void {
  if (env.LOG === "off") return;
  if (gathered === "") setImmediate(writeGathered);
  gathered += lineOf(event, fields);
}

function writeGathered(): void {
  if (gathered === "") return;
  const lines = gathered;
  gathered = "";
  process.stderr.write(lines);
}

// process.exit, an uncaught error, or nothing left to do; stderr is written synchronously to files, pipes and terminals.
process.on("exit", writeGathered);

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
