/** Writes down what became of messages: all that ended meanwhile together. */

import { isDatabaseAway } from "#db/errors.ts";
import { log, traceOf } from "#db/log.ts";
import { noteAcceptance } from "#emails/outbox/acceptances.ts";
import type { Claimed, Delays } from "#emails/outbox/outbox.ts";
import { type Attempted, finish } from "#emails/outbox/outcomes.ts";
import type { Outcome } from "#emails/smtp/outcome.ts";

/** The most that one statement writes. */
const mostAtOnce = 200;

/** How long an outcome waits for others, in milliseconds. */
const gatherMs = 25;

/** After a longer wait, in milliseconds, an outcome that the database itself refuses is tried no more. */
const lastWaitOfRefused = 400;

interface WriterParts {
  /** So many do not wait for more. */
  enough: number;
  delays: Delays;
  clock: { sleep: (ms: number) => Promise<unknown> };
}

export class OutcomeWriter {
  readonly #parts: WriterParts;
  readonly #waiting: (Attempted & { done: () => void })[] = [];
  #isWriting = false;
  #gathering: NodeJS.Timeout | undefined;
  #hasGivenUp = false;

  constructor(parts: WriterParts) {
    this.#parts = parts;
  }

  /** Resolves once the outcome is written, together with others that come shortly after or while the last ones are; never rejects. */
  write(delivery: Claimed, outcome: Outcome): Promise<void> {
    return new Promise((done) => {
      this.#waiting.push({ delivery, outcome, done });
      if (this.#waiting.length >= this.#parts.enough) this.#begin();
      else this.#gathering ??= setTimeout(() => this.#begin(), gatherMs);
    });
  }

  /** From now on an outcome that cannot be written at once is left: its lease runs out. */
  giveUp(): void {
    this.#hasGivenUp = true;
  }

  #begin(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    if (!this.#isWriting) void this.#writeWaiting();
  }

  async #writeWaiting(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, mostAtOnce);
      // Outside the database first, all of them with one fsync.
      const accepted = batch.filter(({ outcome }) => outcome.state === "accepted");
      await Promise.all(accepted.map(({ delivery }) => noteAcceptance(delivery)));
      await this.#writeUntilDone(batch);
      for (const { done } of batch) done();
    }
    this.#isWriting = false;
  }

  /**
   * Tries until the database is there: an outcome that is forgotten means that the lease runs out and the message is sent
   * twice, or is `uncertain`. What the database refuses for another reason is written one by one, so that it holds up
   * nothing else, and left after the last try. A sender that was stopped gives up.
   */
  async #writeUntilDone(batch: Attempted[]): Promise<void> {
    const { clock, delays } = this.#parts;
    for (let wait = 50; ; wait = Math.min(wait * 2, 2000)) {
      try {
        return await finish(batch, delays);
      } catch (error) {
        for (const { delivery, outcome } of batch)
          log("delivery.outcome_not_written", { id: delivery.id, state: outcome.state, ...traceOf(error) });
        const isRefused = !isDatabaseAway(traceOf(error).code);
        if (this.#hasGivenUp || (isRefused && wait > lastWaitOfRefused)) return;
        if (isRefused && batch.length > 1) {
          for (const one of batch) await this.#writeUntilDone([one]);
          return;
        }
        await clock.sleep(wait);
      }
    }
  }
}
