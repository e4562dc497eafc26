/** Slowing down long work of a process of its own, so that whoever is served beside it does not notice. */

import { setTimeout } from "node:timers/promises";

/** What a pace reads and waits with. `cpuUsage`: of all threads of this process. */
interface PaceClock {
  cpuUsage: () => NodeJS.CpuUsage;
  sleep: (ms: number) => Promise<unknown>;
}

const systemClock: PaceClock = { cpuUsage: () => process.cpuUsage(), sleep: (ms) => setTimeout(ms) };

/** Keeps this process, all threads together, to a share of one core. */
export class Pace {
  readonly #share: number;
  readonly #clock: PaceClock;
  // Nothing yet: the first rest makes up for the start of the process, which costs more than a small backup.
  #before: NodeJS.CpuUsage = { user: 0, system: 0 };

  /** `share`: above 0; 1 or more never rests. */
  constructor(share: number, clock = systemClock) {
    this.#share = share;
    this.#clock = clock;
  }

  /** Waits as long as what was worked since the last call has to be followed by nothing; what other threads work meanwhile counts for the next one. */
  async rest(): Promise<void> {
    const now = this.#clock.cpuUsage();
    const worked = now.user - this.#before.user + now.system - this.#before.system;
    this.#before = now;
    const ms = (worked / 1000) * (1 / this.#share - 1);
    if (ms >= 1) await this.#clock.sleep(ms);
  }
}

/** Of one core, while nobody waits: on two cores that are both in use, a backup at full speed costs intake a quarter of its rate (npm run bench -- --only backup). */
const gentleShare = 0.025;

/** That of a backup: gentle ones may take forty times as long. */
export const backupPace = (isGentle: boolean): Pace => new Pace(isGentle ? gentleShare : 1);

/** Hands content on, with rests in between. */
export async function* paced(content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, pace: Pace) {
  for await (const chunk of content) {
    yield chunk;
    await pace.rest();
  }
}
