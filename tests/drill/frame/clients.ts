/** Clients that ask again and again until they are told 201, as families at their telephones would; each request has its key. */

import { setTimeout as sleep } from "node:timers/promises";
import { type SeededRandom, seededRandom } from "#db/random/seeded.ts";
import { settings } from "#db/settings/settings.ts";
import { intakeRequest, Lane } from "../../bench/load.ts";
import { ask } from "../../journeys/public-pages.ts";
import { withoutReadings } from "../../site/html.ts";
import type { How } from "./drill.ts";

/** Nothing that a drill does takes longer; a request that is refused for so long is lost. */
const giveUpMs = 300_000;

export class Load {
  /** The reference each key was answered with. */
  readonly accepted = new Map<string, string>();
  /** How often each status of 500 and above came; under 0, connections that broke. */
  readonly refusals = new Map<number, number>();
  /** Refusals without a sentence and our telephone number. */
  unclear = 0;
  isDone = false;
  readonly #requests: number;
  readonly #clients: number;
  readonly #seed: number;
  readonly #ports: number[];
  readonly #random: SeededRandom;
  #next = 0;

  /** As many requests and clients as the drill's sizes say. A client whose port does not answer turns to the next one. */
  constructor({ size }: How, ports: number[]) {
    [this.#requests, this.#clients, this.#seed] = [size("requests"), size("clients"), size("seed")];
    this.#ports = ports;
    this.#random = seededRandom(this.#seed);
  }

  /** Asks everything. Rejects when a request is refused for good; whoever waits for it learns that, also late. */
  run(): Promise<void> {
    const asked = this.#askAll();
    asked.catch(() => {});
    return asked;
  }

  async #askAll(): Promise<void> {
    try {
      await Promise.all(Array.from({ length: this.#clients }, (_, n) => this.#client(n)));
    } finally {
      this.isDone = true;
    }
  }

  /** Waits until this share of the requests is answered with 201, or all that are left cannot be. */
  async until(share: number): Promise<void> {
    while (!this.isDone && this.accepted.size < this.#requests * share) await sleep(20);
  }

  /** How often something was asked again. */
  get askedAgain(): number {
    return [...this.refusals.values()].reduce((sum, count) => sum + count, 0);
  }

  async #client(first: number): Promise<void> {
    const lanes = this.#ports.map((port) => new Lane(port));
    let at = first;
    while (this.#next < this.#requests) {
      const n = this.#next++;
      const key = `drill-${this.#seed}-${n}`;
      const network = `10.${n % 250}.${(n >> 8) % 250}.${this.#random.between(1, 250)}`;
      const request = intakeRequest(key, `見本の相談 ${n}`, network);
      const end = performance.now() + giveUpMs;
      for (;;) {
        const reference = await this.#ask(lanes[at % lanes.length] as Lane, request);
        if (reference !== undefined) {
          this.accepted.set(key, reference);
          break;
        }
        if (performance.now() > end) throw new Error(`request ${key} was refused for ${giveUpMs / 1000} seconds`);
        at++;
        await sleep(50 + this.#random.between(0, 100));
      }
    }
    for (const lane of lanes) lane.close();
  }

  /** The reference, or undefined when it is to be asked again. */
  async #ask(lane: Lane, request: string): Promise<string | undefined> {
    const answer = await lane.ask(request).catch(() => ({ status: 0, body: "" }));
    if (answer.status === 201) return (JSON.parse(answer.body) as { reference: string }).reference;
    if (answer.status > 0 && answer.status < 500) throw new Error(`refused: ${answer.status} ${answer.body}`);
    this.refusals.set(answer.status, (this.refusals.get(answer.status) ?? 0) + 1);
    if (answer.status > 0 && !answer.body.includes(settings().phone)) this.unclear++;
    return undefined;
  }
}

/** The counts of what clients were refused. */
export const refusalsOf = ({ refusals, askedAgain }: Load) => ({
  "asked again": askedAgain,
  ...Object.fromEntries(
    [...refusals]
      .toSorted(([a], [b]) => a - b)
      .map(([status, count]) => [status === 0 ? "… connections broken" : `… answered ${status}`, count]),
  ),
});

/** Losses of a load whose refusals should all have been a clear 503. */
export function unclearOf({ refusals, unclear }: Load): string[] {
  const others = [...refusals].filter(([status]) => status > 0 && status !== 503);
  return [
    ...others.map(([status, count]) => `${count} refusals were answered ${status}, and not 503`),
    ...(unclear > 0 ? [`${unclear} refusals did not say our telephone number`] : []),
  ];
}

/** What a family with the form in the browser met until its words were taken. */
export interface Pressed {
  reference: string;
  /** Answers of 503 with every word in the form and our telephone number. */
  givenBack: number;
  /** Refusals that were not like that. */
  unclear: number;
}

/** Presses the button of the form until it leads to the receipt. */
export async function pressForm(port: number, key: string): Promise<Pressed> {
  const origin = `http://localhost:${port}`;
  const message = `夜中に書いています。\nだれかに読んでほしいです。（${key}）`;
  const fields = { message, reply_by: "email", email: `${key}@example.jp`, consent: "true", locale: "ja", key };
  const pressed = { givenBack: 0, unclear: 0 };
  const end = performance.now() + giveUpMs;
  while (performance.now() < end) {
    const answer = await ask(origin, "/consultation?send", fields).catch(() => undefined);
    const html = withoutReadings((await answer?.text().catch(() => "")) ?? "");
    if (answer?.status === 303) {
      const receipt = await receiptAt(origin + (answer.headers.get("location") ?? ""));
      if (receipt !== undefined) return { reference: receipt, ...pressed };
    } else if (answer !== undefined) {
      const isKept = html.includes(`${message}</textarea>`) && html.includes(fields.email);
      if (answer.status === 503 && isKept && html.includes(settings().phone)) pressed.givenBack++;
      else pressed.unclear++;
    }
    await sleep(100);
  }
  throw new Error(`the form ${key} was not taken for ${giveUpMs / 1000} seconds`);
}

/** The reference on the receipt; undefined when the page does not come, and the form is to be pressed again. */
async function receiptAt(url: string): Promise<string | undefined> {
  const answer = await fetch(url).catch(() => undefined);
  const html = answer?.ok === true ? await answer.text().catch(() => "") : "";
  return /[2-9A-Z]{4}-[2-9A-Z]{4}/u.exec(html)?.[0];
}
