/**
 * The newsletters' way to the mail server. They are claimed ahead, a few times as many as there are connections, so that no
 * connection waits for the database; and marked shortly before their turn, since a mark asks whether the reader is still
 * there, and a marked message whose sender dies is `uncertain`.
 */

import { log, traceOf } from "#db/log.ts";
import { markHandingOver } from "#emails/outbox/mark.ts";
import type { Claimed } from "#emails/outbox/outbox.ts";
import type { OutgoingMail } from "#emails/smtp/mailer.ts";
import type { Outcome } from "#emails/smtp/outcome.ts";

/** A copy that is ready to go out. */
interface Ready {
  delivery: Claimed;
  message: OutgoingMail;
  /** When it was marked, in milliseconds of the clock; undefined: not yet. */
  markedAt?: number;
}

/** What the sender does for the lane. */
interface LaneParts {
  connections: number;
  now: () => number;
  /** One message at a time, to see whether the server is there again. */
  isProbing: () => boolean;
  /** How many more may begin at this moment; 0 while the sender pauses or stops. */
  room: () => number;
  compose: (delivery: Claimed) => Promise<OutgoingMail | Outcome>;
  /** Hands it to the mail server. Never rejects. */
  send: (ready: OutgoingMail, delivery: Claimed) => Promise<Outcome>;
  /** Resolves once the outcome is written. Never rejects. */
  settle: (delivery: Claimed, outcome: Outcome) => Promise<void>;
  /** Lets the sender know of work that must end before it is idle. */
  track: (work: Promise<unknown>) => void;
  /** The lane can take more, or has come to an end. */
  onChange: () => void;
}

/** A mark older than this is renewed before the message goes out: its lease must outlast the attempt. */
const markLastsMs = 5000;

/** In hand at most, by the number of connections: claimed, and marked without an outcome in the database. */
const mostPerConnection = 3;

export class NewsletterLane {
  readonly #parts: LaneParts;
  /** In their order: not yet marked, and marked. */
  #claimed: Ready[] = [];
  #marked: Ready[] = [];
  #sending = 0;
  /** Ended, and not yet written so. */
  #unwritten = 0;
  /** Being marked at this moment. */
  #marking = 0;
  /** The last claim found less than was asked for. */
  #isQueueEmpty = false;

  constructor(parts: LaneParts) {
    this.#parts = parts;
  }

  get sending(): number {
    return this.#sending;
  }

  get isEmpty(): boolean {
    return this.#claimed.length + this.#marking + this.#marked.length + this.#sending + this.#unwritten === 0;
  }

  /** How many more to claim now. */
  get wanted(): number {
    if (this.#isQueueEmpty) return 0;
    if (this.#parts.isProbing()) return this.isEmpty ? 1 : 0;
    const { connections } = this.#parts;
    return this.#claimed.length >= connections ? 0 : mostPerConnection * connections;
  }

  /** There may be new work. */
  expect(): void {
    this.#isQueueEmpty = false;
  }

  /** Takes what was claimed for it; `isAll`: there was no more. */
  async add(deliveries: Claimed[], isAll: boolean): Promise<void> {
    this.#isQueueEmpty = isAll;
    for (const delivery of deliveries) {
      const message = await this.#parts.compose(delivery);
      if ("state" in message) this.#parts.track(this.#parts.settle(delivery, message));
      else this.#claimed.push({ delivery, message });
    }
    this.fill();
  }

  /** Begins what may begin, and marks what comes next. */
  fill(): void {
    while (this.#marked.length > 0 && this.#parts.room() > 0) this.#begin();
    if (this.#marking === 0 && this.#toMark() > 0) this.#parts.track(this.#mark());
  }

  /** Gives back to the queue what has not begun. */
  release(): void {
    for (const { delivery } of [...this.#marked.splice(0), ...this.#claimed.splice(0)])
      this.#parts.track(this.#parts.settle(delivery, { state: "unreachable" }));
  }

  #begin(): void {
    const next = this.#marked.shift();
    if (next?.markedAt === undefined) return;
    if (this.#parts.now() - next.markedAt > markLastsMs) return void this.#claimed.unshift(next);
    this.#sending++;
    this.#parts.track(this.#deliver(next));
  }

  async #deliver({ delivery, message }: Ready): Promise<void> {
    const outcome = await this.#parts.send(message, delivery);
    this.#sending--;
    this.#unwritten++;
    this.fill();
    this.#parts.onChange();
    await this.#parts.settle(delivery, outcome);
    this.#unwritten--;
    this.fill();
    this.#parts.onChange();
  }

  /** How many to mark now: one for each connection, half of them ahead of their turn; none while that many wait. */
  #toMark(): number {
    const { connections, room } = this.#parts;
    const free = Math.max(0, room());
    const ahead = free + (this.#sending > 0 ? connections : 0);
    if (free === 0 && this.#marked.length > connections / 2) return 0;
    const inHand = this.#marked.length + this.#sending + this.#unwritten;
    return Math.min(ahead - this.#marked.length, mostPerConnection * connections - inHand, this.#claimed.length);
  }

  async #mark(): Promise<void> {
    const batch = this.#claimed.splice(0, this.#toMark());
    this.#marking = batch.length;
    try {
      const verdicts = await markHandingOver(batch.map(({ delivery }) => delivery));
      const markedAt = this.#parts.now();
      for (const ready of batch) {
        const verdict = verdicts.get(ready.delivery.id);
        if (verdict === "go") this.#marked.push({ ...ready, markedAt });
        else log("delivery", { id: ready.delivery.id, kind: ready.delivery.kind, state: verdict ?? "taken over" });
      }
    } catch (error) {
      // The database cannot be reached; the next poll tries again.
      this.#claimed.unshift(...batch);
      log("sender.database_lost", traceOf(error));
      return;
    } finally {
      this.#marking = 0;
    }
    this.fill();
    this.#parts.onChange();
  }
}
