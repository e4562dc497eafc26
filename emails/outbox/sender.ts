/** The loop that empties the outbox. Any number may run, in any number of processes. */

import { setTimeout as sleep } from "node:timers/promises";
import { listen } from "#db/client.ts";
import { env } from "#db/env.ts";
import { log, traceOf } from "#db/log.ts";
import { completeNewsletters } from "./complete-newsletters.ts";
import { compose } from "./compose.ts";
import { openMailRateLimit } from "./mail-rate.ts";
import { type Mailer, openMailer } from "./mailer.ts";
import { claim, type Claimed, type Delays, finish, leaseSeconds, type Outcome, defaultDelays } from "./outbox.ts";
import { onWake } from "./wake.ts";

export interface Sender {
  /** Looks for work now instead of at the next tick. */
  wake: () => void;
  /** Takes nothing new, lets messages in flight finish for up to ten seconds, closes its connections. */
  stop: () => Promise<void>;
}

interface Options {
  pollMs?: number;
  mailer?: Mailer;
  connections?: number;
  delays?: Delays;
  /** Pauses while the server cannot be spoken to, in milliseconds; the last one repeats. */
  awayMs?: readonly number[];
}

/** A send is given up before its lease ends, so that two senders never hold the same message. */
const sendMs = (leaseSeconds - 10) * 1000;

/** Starts sending. */
export function startSender(options: Options = {}): Sender {
  const { pollMs = 2000, connections = env.MAIL_CONNECTIONS, delays = defaultDelays } = options;
  const { awayMs = [1000, 2000, 5000, 10_000, 30_000, 60_000] } = options;
  const mailer = options.mailer ?? openMailer({ connections });
  const allowance = openMailRateLimit();
  const inFlight = new Set<Promise<void>>();
  const stopping = new AbortController();
  let hasGivenUp = false;
  let isPumping = false;
  let isWanted = false;
  let timesAway = 0;
  let quietUntil = 0;

  /** Fills every free connection, receipts first; asks again while somebody woke us meanwhile. */
  async function pump(): Promise<void> {
    isWanted = true;
    if (isPumping) return;
    isPumping = true;
    try {
      while (isWanted && !stopping.signal.aborted && Date.now() >= quietUntil) {
        isWanted = false;
        // While the server seems to be away, one message at a time asks whether it is back.
        const free = (timesAway > 0 ? 1 : connections) - inFlight.size;
        if (free > 0) await fill(free);
      }
    } catch (error) {
      // The database is away; the next tick tries again.
      log("sender.waits", traceOf(error));
    } finally {
      isPumping = false;
    }
  }

  async function fill(free: number): Promise<void> {
    const allowed = await allowance.take(free);
    if (allowed === 0) return void setTimeout(wake, 500).unref();
    const claimed = await claim("transactional", allowed);
    if (claimed.length < allowed) claimed.push(...(await claim("bulk", allowed - claimed.length)));
    for (const delivery of claimed) {
      const done = deliver(delivery).finally(() => {
        inFlight.delete(done);
        void pump();
      });
      inFlight.add(done);
    }
    if (claimed.length < allowed) {
      await allowance.giveBack(allowed - claimed.length);
      await completeNewsletters();
    }
  }

  async function deliver(delivery: Claimed): Promise<void> {
    const outcome = await attempt(delivery);
    if (outcome.state === "away") pause();
    else if (outcome.reply !== undefined) timesAway = 0; // the server spoke
    await settle(delivery, outcome);
    const { id, kind, attempts } = delivery;
    log("delivery", { id, kind, attempts, state: outcome.state, reply: outcome.reply });
  }

  function pause(): void {
    if (Date.now() < quietUntil) return; // another message has found out already
    const usual = awayMs[Math.min(timesAway, awayMs.length - 1)] ?? 0;
    const ms = usual * (0.8 + 0.4 * Math.random());
    timesAway++;
    quietUntil = Date.now() + ms;
    setTimeout(wake, ms).unref();
  }

  async function attempt(delivery: Claimed): Promise<Outcome> {
    try {
      const message = await compose(delivery);
      if (typeof message === "string") return { state: message };
      return await mailer.send(message, AbortSignal.timeout(sendMs));
    } catch (error) {
      // Nothing was handed over: the database went away, or the message cannot be made.
      const trace = traceOf(error);
      log("delivery.failed", { id: delivery.id, kind: delivery.kind, ...trace });
      return { state: isLoss(trace.code) ? "away" : "retry", reply: "not composed" };
    }
  }

  /** Keeps trying to write down what became of a message: forgetting it would mean a repeat. */
  async function settle(delivery: Claimed, outcome: Outcome): Promise<void> {
    for (let wait = 50; ; wait = Math.min(wait * 2, 2000)) {
      try {
        return await finish(delivery, outcome, delays);
      } catch (error) {
        log("delivery.unsettled", { id: delivery.id, state: outcome.state, ...traceOf(error) });
        if (hasGivenUp) return;
        await sleep(wait);
      }
    }
  }
  const wake = () => void pump();
  const forget = onWake(wake);
  const ticks = setInterval(wake, pollMs);
  const listening = listen("deliveries", wake).catch(() => undefined);
  wake();

  return {
    wake,
    stop: async () => {
      stopping.abort();
      clearInterval(ticks);
      forget();
      const limit = sleep(10_000, undefined, { ref: false });
      await Promise.race([Promise.allSettled(inFlight), limit]);
      hasGivenUp = true;
      mailer.close();
      await Promise.race([listening.then((unlisten) => unlisten?.()), limit]).catch(() => {});
    },
  };
}

/** Codes of a database that is away or restarting, by postgres.js and by PostgreSQL itself. */
const isLoss = (code: unknown) =>
  typeof code === "string" && /^(?:CONNECT|ECONN|EPIPE|ETIMEDOUT|57P|08|53300)/u.test(code);
