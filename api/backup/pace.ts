/** Slowing down long work of a process of its own, so that whoever is served beside it does not notice. */

import { setTimeout as sleep } from "node:timers/promises";

/** Keeps this process, all threads together, to a share of one core. */
export class Pace {
  readonly #share: number;
  #before: NodeJS.CpuUsage;

  /**
   * `share`: above 0; 1 or more never rests. `since`: what the process had used when its work began; absent: nothing, so that
   * the first rest makes up for the process's start, which costs more than a small backup.
   */
  constructor(share: number, since: NodeJS.CpuUsage = { user: 0, system: 0 }) {
    this.#share = share;
    this.#before = since;
  }

  /** Waits as long as what was worked since the last call has to be followed by nothing; what other threads work meanwhile counts for the next one. */
  async rest(): Promise<void> {
    const now = process.cpuUsage();
    const worked = now.user - this.#before.user + now.system - this.#before.system;
    this.#before = now;
    const ms = (worked / 1000) * (1 / this.#share - 1);
    if (ms >= 1) await sleep(ms);
  }
}
