/** Slowing down long work of a process of its own, so that whoever is served beside it does not notice. */

import { setTimeout as sleep } from "node:timers/promises";

/** Keeps this process, all threads together, to a share of one core. */
export class Pace {
  readonly #share: number;
  #before = process.cpuUsage();

  /** `share`: above 0; 1 or more never rests. */
  constructor(share: number) {
    this.#share = share;
  }

  /** Waits as long as what was worked since the last call has to be followed by nothing. */
  async rest(): Promise<void> {
    const { user, system } = process.cpuUsage(this.#before);
    const ms = ((user + system) / 1000) * (1 / this.#share - 1);
    if (ms >= 1) await sleep(ms);
    this.#before = process.cpuUsage();
  }
}
