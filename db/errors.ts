/** What the domain throws on purpose; api/app.ts turns each into one HTTP answer. */

/** Nothing there, or nothing that the asker may know of. 404. */
export class NotFound extends Error {
  override name = "NotFound";
}

/** A rule of the work says no for now. 409. The message is shown to the person. */
export class Refused extends Error {
  override name = "Refused";
}

/** Signed in, but not for this. 403. */
export class Forbidden extends Error {
  override name = "Forbidden";
}

/** What someone sent cannot be used. 422. `errors` maps field to a sentence in Japanese. */
export class Invalid extends Error {
  override name = "Invalid";
  readonly errors: Record<string, string>;
  constructor(errors: Record<string, string>) {
    super("invalid input");
    this.errors = errors;
  }
}

/** Nobody is signed in any more who was while this was written. 401. The message is shown to the person. */
export class SignedOut extends Error {
  override name = "SignedOut";
}

/** It was there and is not any more, such as an expired link. 410. The message is shown to the person. */
export class Gone extends Error {
  override name = "Gone";
}

/** Too much from one network. 429, with the seconds until it may try again. */
export class TooMany extends Error {
  override name = "TooMany";
  readonly retryAfter: number;
  constructor(retryAfter: number) {
    super("too many requests");
    this.retryAfter = retryAfter;
  }
}

/** The first row, or NotFound. */
export function firstOrNotFound<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new NotFound("no such row");
  return row;
}

/** What an administrator's terminal is told. A failed query's own message lists its parameters; its cause says what was wrong. */
export function adminMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
