/** Errors that the domain throws on purpose; api/http/problems.ts turns each into one HTTP answer. */

/** It does not exist, or the person may not know that it does. 404. */
export class NotFound extends Error {
  override name = "NotFound";
}

/** A rule does not allow it in the present state. 409. The message is shown to the person. */
export class Refused extends Error {
  override name = "Refused";
}

/** Signed in, but the role does not allow it. 403. */
export class Forbidden extends Error {
  override name = "Forbidden";
}

/** Invalid input. 422. `errors` maps field to a sentence in Japanese. */
export class Invalid extends Error {
  override name = "Invalid";
  readonly errors: Record<string, string>;
  constructor(errors: Record<string, string>) {
    super("invalid input");
    this.errors = errors;
  }
}

/** The session ended while the person was writing. 401. The message is shown to the person. */
export class SignedOut extends Error {
  override name = "SignedOut";
}

/** It existed and does not any more, such as an expired link. 410. The message is shown to the person. */
export class Gone extends Error {
  override name = "Gone";
}

/** Rate limit of a network exceeded. 429, with the seconds until the next attempt (Retry-After). */
export class TooMany extends Error {
  override name = "TooMany";
  readonly retryAfter: number;
  constructor(retryAfter: number) {
    super("too many requests");
    this.retryAfter = retryAfter;
  }
}

/** Code of the errors thrown before the database is open; they count as the database being away (503). */
export const notOpenCode = "CONNECTION_NOT_OPEN";

/**
 * Whether an error with this code, of Node, postgres.js or PostgreSQL, says that the database is lost, restarting, or
 * has no disk, memory or connection left (classes 57P, 08, 53, 58): not the fault of what was asked, and over when the
 * database is well again.
 */
export const isDatabaseAway = (code: unknown): boolean =>
  typeof code === "string" && /^(?:CONNECT(?:ION)?_|ECONN|EPIPE$|ENOENT$|ETIMEDOUT$|57P|08|53|58)/u.test(code);

/** The first row, or NotFound. */
export function firstOrNotFound<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new NotFound("no such row");
  return row;
}

/**
 * The message of an error for the administrator's terminal. A failed query's own message lists its
 * parameters, so its cause is shown instead.
 */
export function adminMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isQuery = "params" in error; // drizzle's
  return isQuery && error.cause instanceof Error ? error.cause.message : error.message;
}
