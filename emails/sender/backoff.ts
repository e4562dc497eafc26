/**
 * Back-off from a mail server that cannot be reached: ever longer pauses, and after each of them one
 * message as a probe. Without it every message that waits would run into the same timeout.
 */

import { pauseAfter } from "#emails/outbox/outbox.ts";

/** Pauses in milliseconds, by how many failures in a row there were; the last one repeats. */
export const defaultPausesMs: readonly number[] = [1000, 2000, 5000, 10_000, 30_000, 60_000];

export class Backoff {
  readonly #pausesMs: readonly number[];
  readonly #now: () => number;
  #failures = 0;
  #pausedUntil = 0;
  /** How many connections in a row were lost after the text had gone. */
  #lostWithText = 0;

  /** `now` in milliseconds since any moment; it must not go back. */
  constructor(pausesMs: readonly number[], now: () => number) {
    this.#pausesMs = pausesMs;
    this.#now = now;
  }

  /** Whether nothing is to be sent at the moment. */
  get isPaused(): boolean {
    return this.#now() < this.#pausedUntil;
  }

  /** Whether the server could not be reached last, so that one message at a time probes it. */
  get isProbing(): boolean {
    return this.#failures > 0;
  }

  /**
   * Counts a failure to reach the server and begins a pause; returns its length in milliseconds. Undefined, and nothing
   * counted, during a pause: the messages in flight beside the first fail for the same reason.
   */
  begin(): number | undefined {
    if (this.isPaused) return undefined;
    const ms = pauseAfter(++this.#failures, this.#pausesMs);
    this.#pausedUntil = this.#now() + ms;
    return ms;
  }

  /**
   * Counts a connection that was lost after the text had gone. Returns whether `most` were in a row: a server that takes each text and
   * hangs up is none, since every further copy would be `uncertain`, too.
   */
  loseWithText(most: number): boolean {
    return ++this.#lostWithText >= most;
  }

  /**
   * The server answered, on whichever connection: a pause ends, since it was one connection that was lost and not the server,
   * and the next failure begins with the shortest pause again. Returns whether it had been away.
   */
  reset(): boolean {
    const wasAway = this.#failures > 0;
    this.#failures = 0;
    this.#pausedUntil = 0;
    this.#lostWithText = 0;
    return wasAway;
  }
}
