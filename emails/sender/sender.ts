/** The loop that empties the outbox. Any number of senders may run, in any number of processes. */

import { setTimeout as sleep } from "node:timers/promises";
import { listen } from "#db/client.ts";
import { env } from "#db/env.ts";
import { log, traceOf } from "#db/log.ts";
import { advanceNewsletters } from "#emails/outbox/advance-newsletters.ts";
import { compose } from "#emails/outbox/compose.ts";
import { correctFutureTimes } from "#emails/outbox/future-times.ts";
import { type MailRateLimit, openMailRateLimit } from "#emails/outbox/mail-rate.ts";
import { claimBatch, type Claimed, defaultDelays, type Delays } from "#emails/outbox/outbox.ts";
import { onWake } from "#emails/outbox/wake.ts";
import { openMailer } from "#emails/smtp/mailer.ts";
import type { Outcome } from "#emails/smtp/outcome.ts";
import { attempt, type AttemptParts, composed, handToServer, notComposed } from "./attempt.ts";
import { Backoff, defaultPausesMs } from "./backoff.ts";
import { NewsletterLane } from "./newsletter-lane.ts";
import { OutcomeWriter } from "./outcome-writer.ts";

/** Time as the sender needs it; a test passes one that it moves by hand. */
export interface SenderClock {
  /** Milliseconds since any moment: only how much has passed counts. */
  now: () => number;
  /** Calls back once after `ms` milliseconds, and does not keep the process running for it. */
  schedule: (callback: () => void, ms: number) => void;
  sleep: (ms: number) => Promise<unknown>;
}

/** What a sender works with. */
export interface SenderParts extends AttemptParts {
  rateLimit: MailRateLimit;
  /** How many messages are under way at once; one more while newsletters take all of them and a receipt comes. */
  connections: number;
  delays: Delays;
  /** Pauses while the server cannot be reached, in milliseconds; the last one repeats. */
  pausesMs: readonly number[];
  clock: SenderClock;
}

/** Choices of whoever starts a sender; what is absent comes from the environment. */
interface Options extends Partial<Pick<SenderParts, "mailer" | "connections" | "delays" | "pausesMs">> {
  /** From one look for work to the next, in milliseconds. */
  pollMs?: number;
}

/** When the rate limit is used up: until the next look, since its share grows every second. */
const rateLimitedMs = 500;

/** How long `stop` waits for messages in flight. */
const stopTimeoutMs = 10_000;

const systemClock: SenderClock = {
  // Not Date.now(): where the machine's clock is set back, a pause would last until it is that late again.
  now: () => performance.now(),
  schedule: (callback, ms) => void setTimeout(callback, ms).unref(),
  sleep: (ms) => sleep(ms),
};

/** Starts sending what is queued, until `stop` is called. */
export function startSender(options: Options = {}): Sender {
  const { pollMs = 2000, connections = env.MAIL_CONNECTIONS, delays = defaultDelays } = options;
  const { mailer = openMailer({ connections }), pausesMs = defaultPausesMs } = options;
  const rateLimit = openMailRateLimit();
  const sender = new Sender({ mailer, compose, rateLimit, connections, delays, pausesMs, clock: systemClock });
  sender.start(pollMs);
  return sender;
}

/** With every poll: what time alone brings, and what it finds only after the database's clock was set back. */
async function advanceOrLog(delays: Delays): Promise<void> {
  try {
    await advanceNewsletters();
    const count = await correctFutureTimes(delays);
    if (count > 0) log("sender.clock_set_back", { count });
  } catch (error) {
    log("sender.database_lost", traceOf(error));
  }
}

export class Sender {
  readonly #parts: SenderParts;
  readonly #backoff: Backoff;
  readonly #writer: OutcomeWriter;
  readonly #newsletters: NewsletterLane;
  /** Transactional messages under way. */
  #receipts = 0;
  /** The last claim of them found as many as it asked for: newsletters begin nothing until one finds fewer. */
  #mayBeMoreReceipts = false;
  /** Everything that has begun and must end before the sender is idle. */
  readonly #running = new Set<Promise<unknown>>();
  #isStopping = false;
  #isPumping = false;
  #pumping = Promise.resolve();
  /** Work was announced since the running pump last looked. */
  #isWanted = false;
  #isRateLimited = false;
  /** Granted by the rate limit and kept for the next claim. */
  #spare = 0;
  /** Ends what `start` began in this process, and what it began in the database. */
  #stopWaking = () => {};
  #stopListening = async () => {};

  constructor(parts: SenderParts) {
    this.#parts = parts;
    this.#backoff = new Backoff(parts.pausesMs, parts.clock.now);
    this.#writer = new OutcomeWriter({ ...parts, enough: Math.ceil(parts.connections / 2) });
    this.#newsletters = new NewsletterLane({
      connections: parts.connections,
      now: parts.clock.now,
      isProbing: () => this.#backoff.isProbing,
      room: () => (this.#mayBeMoreReceipts ? 0 : this.#room()),
      compose: (delivery) => composed(delivery, parts),
      send: async (message) => this.#noteReachability(await handToServer(message, parts)),
      settle: (delivery, outcome) => this.settle(delivery, outcome),
      track: (work) => this.#track(work),
      onChange: () => this.#newslettersChanged(),
    });
  }

  /** Begins to look for work: now, every `pollMs` milliseconds, and when this or another process announces some. */
  start(pollMs: number): void {
    const wake = () => this.wake();
    const poll = setInterval(() => {
      wake();
      void advanceOrLog(this.#parts.delays);
    }, pollMs);
    const unregister = onWake(wake);
    const listening = listen("deliveries", wake).catch(() => undefined); // the poll finds the same work, later
    this.#stopWaking = () => {
      clearInterval(poll);
      unregister();
    };
    this.#stopListening = async () => (await listening)?.();
    wake();
  }

  /** Looks for work now instead of at the next poll. */
  wake(): void {
    void this.pump();
  }

  /**
   * Takes nothing new, gives back what has not begun, lets messages in flight finish for up to ten seconds, and closes the
   * mailer's connections.
   */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#stopWaking();
    const limit = sleep(stopTimeoutMs, undefined, { ref: false });
    await Promise.race([this.idle(), limit]);
    this.#writer.giveUp();
    this.#parts.mailer.close();
    await Promise.race([this.#stopListening(), limit]).catch(() => {});
  }

  /** Waits until nothing is under way or about to be: the sender waits for work or for the server. One that stops gives back the rest. */
  async idle(): Promise<void> {
    do {
      await this.#pumping;
      if (this.#isStopping) this.#newsletters.release();
      await Promise.allSettled(this.#running);
    } while (this.#isPumping || this.#running.size > 0 || (this.#isStopping && !this.#newsletters.isEmpty));
  }

  /**
   * Fills every free connection, again and again while work is announced meanwhile. Only one pump runs
   * at a time: a second call makes it go round once more, and waits for it. Never throws.
   */
  pump(): Promise<void> {
    this.#newsletters.expect();
    return this.#lookForMore();
  }

  #lookForMore(): Promise<void> {
    this.#isWanted = true;
    if (!this.#isPumping) this.#pumping = this.#fillWhileWanted();
    return this.#pumping;
  }

  async #fillWhileWanted(): Promise<void> {
    this.#isPumping = true;
    try {
      while (this.#isWanted && !this.#isStopping && !this.#backoff.isPaused) {
        this.#isWanted = false;
        await this.#fill();
        this.#newsletters.fill();
      }
    } catch (error) {
      // The database cannot be reached; the next poll tries again.
      log("sender.database_lost", traceOf(error));
    } finally {
      this.#isPumping = false;
    }
  }

  /** How many messages may be under way at once now. */
  get #limit(): number {
    if (this.#isStopping || this.#backoff.isPaused) return 0;
    return this.#backoff.isProbing ? 1 : this.#parts.connections;
  }

  /** How many more messages may begin now. */
  #room(): number {
    return this.#limit - this.#receipts - this.#newsletters.sending;
  }

  /** The same for receipts: while newsletters take every connection, one more is kept for them. */
  #roomForReceipts(): number {
    const kept = this.#limit === this.#parts.connections && this.#receipts === 0 ? 1 : 0;
    return Math.max(this.#room(), kept);
  }

  /**
   * Claims what is to go out next within the rate limit, receipts before newsletters, and starts to
   * deliver it. What the limit granted and nobody used is refunded.
   */
  async #fill(): Promise<void> {
    const { rateLimit } = this.#parts;
    const [receipts, newsletters] = [this.#roomForReceipts(), this.#newsletters.wanted];
    if (receipts + newsletters <= 0) return;
    const missing = receipts + newsletters - this.#spare;
    const granted = this.#spare + (missing > 0 ? await rateLimit.take(missing) : 0);
    this.#spare = 0;
    if (granted === 0) return this.#waitForRateLimit();
    const claimed = receipts > 0 ? await claimBatch("transactional", Math.min(receipts, granted)) : [];
    if (receipts > 0) this.#mayBeMoreReceipts = claimed.length === Math.min(receipts, granted);
    for (const delivery of claimed) this.#track(this.#deliver(delivery));
    const left = Math.min(granted - claimed.length, newsletters);
    const copies = left > 0 ? await claimBatch("bulk", left) : [];
    if (left > 0) await this.#newsletters.add(copies, copies.length < left);
    const unused = granted - claimed.length - copies.length;
    // In the middle of an issue the next claim comes soon.
    if (left > 0 && copies.length === left) this.#spare = unused;
    else if (unused > 0) await rateLimit.refund(unused);
    if (claimed.length + copies.length === 0 && this.#newsletters.isEmpty) await advanceNewsletters();
  }

  #waitForRateLimit(): void {
    if (this.#isRateLimited) return;
    this.#isRateLimited = true;
    this.#parts.clock.schedule(() => {
      this.#isRateLimited = false;
      this.wake();
    }, rateLimitedMs);
  }

  #newslettersChanged(): void {
    const { wanted, isEmpty } = this.#newsletters;
    if (this.#backoff.isPaused) this.#releaseWhenNothingIsHeard();
    else if (this.#mayBeMoreReceipts || wanted > 0 || isEmpty) void this.#lookForMore();
  }

  #track(work: Promise<unknown>): void {
    const done = work.finally(() => this.#running.delete(done));
    this.#running.add(done);
  }

  /** One attempt at a transactional message, from the text to the row that holds its outcome. */
  async #deliver(delivery: Claimed): Promise<void> {
    this.#receipts++;
    const outcome = await attempt(delivery, this.#parts);
    this.#receipts--;
    if (outcome !== undefined) await this.settle(delivery, this.#noteReachability(outcome));
    void this.#lookForMore();
  }

  /** Draws from an outcome whether the server can be reached. Returns it. */
  #noteReachability(outcome: Outcome): Outcome {
    const { state, reply } = outcome;
    const isAnswer = ["accepted", "failed", "retry"].includes(state) && reply !== notComposed;
    const isLost = state === "uncertain" && this.#backoff.loseWithText(this.#parts.connections);
    if (state === "unreachable" || isLost) this.#pause();
    else if (isAnswer && this.#backoff.reset()) this.wake();
    return outcome;
  }

  /** Sends nothing until the back-off has passed or another connection is answered; then one message probes the server. */
  #pause(): void {
    const ms = this.#backoff.begin();
    if (ms !== undefined) this.#parts.clock.schedule(() => this.wake(), ms);
    this.#releaseWhenNothingIsHeard();
  }

  /** Nothing is under way that could show that the server is there: another sender may see what this one does not. */
  #releaseWhenNothingIsHeard(): void {
    if (this.#receipts + this.#newsletters.sending === 0) this.#newsletters.release();
  }

  /** Writes down the outcome, and resolves when that has succeeded. */
  async settle(delivery: Claimed, outcome: Outcome): Promise<void> {
    await this.#writer.write(delivery, outcome);
    const { id, kind, attempts } = delivery;
    log("delivery", { id, kind, attempts, state: outcome.state, reply: outcome.reply });
  }
}
