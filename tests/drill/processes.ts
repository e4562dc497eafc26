/** Two processes that serve and two that send, on one DATA_DIR, are killed in turn without warning. */

import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { seededRandom } from "#db/random/seeded.ts";
import type { Running } from "../process.ts";
import { Load, refusalsOf, unclearOf } from "./frame/clients.ts";
import type { Drill, How, Outcome } from "./frame/drill.ts";
import { examine } from "./frame/examine.ts";
import { drain, endLeases } from "./frame/ledger.ts";
import { kill, type Stage, staged } from "./frame/stage.ts";

export const processes: Drill = {
  about: "two web and two worker processes on one database are killed in turn",
  sizes: { requests: 5000, kills: 24, seed: 7, clients: 16 },
  short: { requests: 150, clients: 6, kills: 3 },
  run: (how) => staged((stage) => run(stage, how)),
};

async function run(stage: Stage, how: How): Promise<Outcome> {
  const kills = how.size("kills");
  const random = seededRandom(how.size("seed"));
  stage.startMailServer();
  const webs = await Promise.all([stage.start({ ROLE: "web" }), stage.start({ ROLE: "web" })]);
  const ports = webs.map(({ port }) => port);
  /** Each place's process that serves; the next kill there waits until it does. */
  const serving: Promise<Running>[] = webs.map((web) => Promise.resolve(web));
  const workers: ChildProcess[] = [stage.startWorker(), stage.startWorker()];
  const load = new Load(how, ports);
  const asking = load.run();
  const killed = { web: 0, worker: 0 };
  for (let n = 0; n < kills; n++) {
    await load.until((n + 0.5) / kills);
    const place = Math.floor(n / 2) % 2;
    const role = n % 2 === 0 ? "web" : "worker";
    how.say(`${load.accepted.size} accepted; killing a ${role} process …`);
    killed[role]++;
    if (role === "web") {
      await kill(((await serving[place]) as Running).process);
      await sleep(random.between(0, 500));
      serving[place] = stage.start({ ROLE: "web" }, ports[place]);
    } else {
      await kill(workers[place] as ChildProcess);
      await sleep(random.between(0, 500));
      workers[place] = stage.startWorker();
    }
  }
  await Promise.all([asking, ...serving]);
  // The leases of the killed cannot be told from those of the living.
  if (how.isShort) {
    await Promise.all(workers.map(kill));
    killed.worker += workers.length;
    await endLeases(stage);
    stage.startWorker();
  }
  const seconds = await drain(stage, how);
  const kinds = Object.fromEntries(Object.entries(killed).map(([name, count]) => [`killed: ${name}`, count]));
  const counts = { ...kinds, ...refusalsOf(load), "seconds until the last mail": seconds };
  return examine(stage, load.accepted.values(), { counts, losses: unclearOf(load) });
}
