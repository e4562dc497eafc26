/** Waiting for a server that was started: it may have hours of its log to repeat before it answers anybody. */

import { setTimeout as sleep } from "node:timers/promises";

/** Told every few seconds for how many it has been waited. */
export type OnWait = (seconds: number) => void;

/** Milliseconds from one call of `onWait` to the next. */
const tellMs = 5000;

/**
 * Asks again and again until there is an answer; false as soon as the server has ended. There is no time limit: while it runs, no second one
 * can start in its folder. Throws where it answers that we may not in, which waiting does not mend.
 */
export async function waitUntilAnswered(
  ask: () => Promise<void>,
  hasEnded: () => boolean,
  onWait: OnWait = () => {},
  pauseMs = 25,
): Promise<boolean> {
  const began = performance.now();
  for (let told = 0; ;) {
    try {
      await ask();
      return true;
    } catch (error) {
      if (hasEnded()) return false;
      if (isLockedOut(error)) throw error;
    }
    await sleep(pauseMs);
    const waited = performance.now() - began;
    if (waited - told < tellMs) continue;
    told = waited;
    onWait(Math.round(waited / 1000));
  }
}

/** A password that is not the one of cluster.json any more: class 28 of PostgreSQL's codes, in what drizzle wraps. */
const isLockedOut = (error: unknown) => String((error as { cause?: { code?: unknown } }).cause?.code).startsWith("28");
