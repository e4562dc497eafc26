/**
 * One JSON line per request and per job. Only ids, routes, states and durations: an error's own
 * message may quote what a family wrote (drizzle lists parameters in it), so it never gets here.
 */
import { env } from "./env.ts";

type Fields = Record<string, string | number | boolean | null | undefined>;

/** What may be said of an error. */
export interface Trace extends Fields {
  error: string;
  code?: string | undefined;
}

/** Writes a line to stderr; stdout belongs to commands that print an answer. */
export function log(event: string, fields: Fields = {}): void {
  if (env.LOG === "off") return;
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), event, ...fields })}\n`);
}

/** The parts of an error that cannot hold personal data: its class, code and stack positions. */
export function traceOf(error: unknown): Trace {
  if (!(error instanceof Error)) return { error: typeof error };
  const cause = error.cause instanceof Error ? error.cause : error;
  const { code, constraint_name, table_name } = cause as Error & Record<string, unknown>;
  const frames = (cause.stack ?? "").split("\n").filter((line) => /^\s+at /u.test(line));
  return {
    error: error.name,
    code: typeof code === "string" ? code : undefined,
    constraint: typeof constraint_name === "string" ? constraint_name : undefined,
    table: typeof table_name === "string" ? table_name : undefined,
    stack: frames
      .slice(0, 6)
      .map((line) => line.trim().replaceAll(process.cwd(), ""))
      .join(" | "),
  };
}
