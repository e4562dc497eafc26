/** The loop that empties the outbox. Any number of senders may run, in any number of processes. */

import { setTimeout as sleep } from "node:timers/promises";
import { listen } from "#db/client.ts";
import { env } from "#db/env.ts";
import { isDatabaseAway } from "#db/errors.ts";
import { log, traceOf } from "#db/log.ts";
import { heldBackReason } from "#emails/held-back.ts";
import { noteAcceptance } from "./acceptances.ts";
import { advanceNewsletters } from "./advance-newsletters.ts";
import { Backoff, defaultPausesMs } from "./backoff.ts";
import { compose } from "./compose.ts";
import { correctFutureTimes } from "./future-times.ts";
import { type MailRateLimit, openMailRateLimit } from "./mail-rate.ts";
import { type Mailer, openMailer } from "./mailer.ts";
import { claim, type Claimed, type Delays, finish, leaseSeconds, type Outcome, defaultDelays } from "./outbox.ts";
import { onWake } from "./wake.ts";

/** Time as the sender needs it; a test passes one that it moves by hand. */
export interface SenderClock {
  /** Milliseconds since any moment: only how much has passed counts. */
  now: () => number;
  /** Calls back once after `ms` milliseconds, and does not keep the process running for it. */
  schedule: (callback: () => void, ms: number) => void;
  sleep: (ms: number) => Promise<unknown>;
}

/** What a sender works with. */
export interface SenderParts {
  mailer: Mailer;
  compose: typeof compose;
  rateLimit: MailRateLimit;
  /** How many messages are under way at once. */
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

/** A send is given up before its lease ends, so that two senders never hold the same message. */
const sendTimeoutMs = (leaseSeconds - 10) * 1000;

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
async function advanceOrLog(): Promise<void> {
  try {
    await advanceNewsletters();
    const count = await correctFutureTimes();
    if (count > 0) log("sender.clock_set_back", { count });
  } catch (error) {
    log("sender.database_lost", traceOf(error));
  }
}

export class Sender {
  readonly #parts: SenderParts;
  readonly #backoff: Backoff;
  readonly #inFlight = new Set<Promise<void>>();
  #isStopping = false;
  #hasGivenUp = false;
  #isPumping = false;
  #pumping = Promise.resolve();
  /** Work was announced since the running pump last looked. */
  #isWanted = false;
  /** Ends what `start` began in this process, and what it began in the database. */
  #stopWaking = () => {};
  #stopListening = async () => {};

  constructor(parts: SenderParts) {
    this.#parts = parts;
    this.#backoff = new Backoff(parts.pausesMs, parts.clock.now);
  }

  /** Begins to look for work: now, every `pollMs` milliseconds, and when this or another process announces some. */
  start(pollMs: number): void {
    const wake = () => this.wake();
    const poll = setInterval(() => {
      wake();
      void advanceOrLog();
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

  /** Takes nothing new, lets messages in flight finish for up to ten seconds, closes the mailer's connections. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#stopWaking();
    const limit = sleep(stopTimeoutMs, undefined, { ref: false });
    await Promise.race([this.idle(), limit]);
    this.#hasGivenUp = true;
    this.#parts.mailer.close();
    await Promise.race([this.#stopListening(), limit]).catch(() => {});
  }

  /** Waits until nothing is claimed, under way or about to be: the sender waits for work or for the server. */
  async idle(): Promise<void> {
    do {
      await this.#pumping;
      await Promise.allSettled(this.#inFlight);
    } while (this.#isPumping || this.#inFlight.size > 0);
  }

  /**
   * Fills every free connection, again and again while work is announced meanwhile. Only one pump runs
   * at a time: a second call makes it go round once more, and waits for it. Never throws.
   */
  pump(): Promise<void> {
    this.#isWanted = true;
    if (!this.#isPumping) this.#pumping = this.#fillWhileWanted();
    return this.#pumping;
  }

  async #fillWhileWanted(): Promise<void> {
    this.#isPumping = true;
    try {
      while (this.#isWanted && !this.#isStopping && !this.#backoff.isPaused) {
        this.#isWanted = false;
        const limit = this.#backoff.isProbing ? 1 : this.#parts.connections;
        const free = limit - this.#inFlight.size;
        if (free > 0) await this.fill(free);
      }
    } catch (error) {
      // The database cannot be reached; the next poll tries again.
      log("sender.database_lost", traceOf(error));
    } finally {
      this.#isPumping = false;
    }
  }

  /**
   * Claims up to `free` messages within the rate limit, receipts before newsletters, and starts to
   * deliver each. What the limit granted and nobody used is refunded.
   */
  async fill(free: number): Promise<void> {
    const { rateLimit, clock } = this.#parts;
    const granted = await rateLimit.take(free);
    if (granted === 0) return clock.schedule(() => this.wake(), rateLimitedMs);
    const claimed = await claim("transactional", granted);
    if (claimed.length < granted) claimed.push(...(await claim("bulk", granted - claimed.length)));
    for (const delivery of claimed) this.#track(this.deliver(delivery));
    if (claimed.length < granted) {
      await rateLimit.refund(granted - claimed.length);
      await advanceNewsletters();
    }
  }

  #track(delivering: Promise<void>): void {
    const done = delivering.finally(() => {
      this.#inFlight.delete(done);
      this.wake();
    });
    this.#inFlight.add(done);
  }

  /** One attempt from the text to the row that holds its outcome. */
  async deliver(delivery: Claimed): Promise<void> {
    const outcome = await this.attempt(delivery);
    if (outcome.state === "accepted") await noteAcceptance(delivery);
    if (outcome.state === "unreachable") this.pause();
    else if (outcome.reply !== undefined && outcome.state !== "cancelled") this.#backoff.reset();
    await this.settle(delivery, outcome);
    const { id, kind, attempts } = delivery;
    log("delivery", { id, kind, attempts, state: outcome.state, reply: outcome.reply });
  }

  /** Sends nothing until the back-off has passed, then one message that probes the server. */
  pause(): void {
    const ms = this.#backoff.begin();
    if (ms !== undefined) this.#parts.clock.schedule(() => this.wake(), ms);
  }

  /** Composes the message and hands it to the mail server. Never throws: an error is an outcome too. */
  async attempt(delivery: Claimed): Promise<Outcome> {
    try {
      const message = await this.#parts.compose(delivery);
      if (message === "held_back") return { state: "cancelled", reply: heldBackReason };
      if (typeof message === "string") return { state: message };
      return await this.#parts.mailer.send(message, AbortSignal.timeout(sendTimeoutMs));
    } catch (error) {
      // Nothing was handed over: the database was lost, or the message cannot be composed.
      const trace = traceOf(error);
      log("delivery.not_composed", { id: delivery.id, kind: delivery.kind, ...trace });
      return { state: isDatabaseAway(trace.code) ? "unreachable" : "retry", reply: "not composed" };
    }
  }

  /**
   * Writes down the outcome, and tries until that succeeds: an outcome that is forgotten means that the
   * lease runs out and the message is sent twice. Only a sender that was stopped gives up.
   */
  async settle(delivery: Claimed, outcome: Outcome): Promise<void> {
    const { clock, delays } = this.#parts;
    for (let wait = 50; ; wait = Math.min(wait * 2, 2000)) {
      try {
        return await finish(delivery, outcome, delays);
      } catch (error) {
        log("delivery.outcome_not_written", { id: delivery.id, state: outcome.state, ...traceOf(error) });
        if (this.#hasGivenUp) return;
        await clock.sleep(wait);
      }
    }
  }
}
