/** The application, PostgreSQL and the mail server are killed without warning while clients keep asking. */

import { setTimeout as sleep } from "node:timers/promises";
import { seededRandom } from "#db/random/seeded.ts";
import { Load, refusalsOf, unclearOf } from "./frame/clients.ts";
import type { Drill, How, Outcome } from "./frame/drill.ts";
import { examine } from "./frame/examine.ts";
import { drain, endLeases } from "./frame/ledger.ts";
import { kill, type Stage, staged } from "./frame/stage.ts";

export const crash: Drill = {
  about: "application, PostgreSQL and mail server are killed without warning under 16 clients",
  sizes: { requests: 10_000, kills: 24, seed: 7, clients: 16 },
  short: { requests: 200, clients: 6, kills: 3 },
  run: (how) => staged((stage) => run(stage, how)),
};

/** Messages under way at once (MAIL_CONNECTIONS): no kill makes more of them come twice. */
const connections = 5;

const victims = ["application", "PostgreSQL", "mail server"] as const;

async function run(stage: Stage, how: How): Promise<Outcome> {
  const kills = how.size("kills");
  const random = seededRandom(how.size("seed"));
  const killed = { application: 0, PostgreSQL: 0, "mail server": 0 };
  stage.startMailServer();
  let product = await stage.start();
  const load = new Load(how, [product.port]);
  const asking = load.run();
  for (let n = 0; n < kills; n++) {
    // Spread over the whole load: the next one falls when its share of the requests is in.
    await load.until((n + 0.5) / kills);
    // The first three are one of each, so that few kills meet all as well.
    const victim = victims[n] ?? random.pick(victims);
    killed[victim]++;
    how.say(`${load.accepted.size} accepted; killing the ${victim} …`);
    if (victim === "application") {
      await kill(product.process);
      if (how.isShort) await endLeases(stage);
      await sleep(random.between(0, 300));
      product = await stage.start({}, product.port);
    } else if (victim === "mail server") {
      stage.killMailServer();
      await sleep(random.between(0, 600));
      stage.startMailServer();
    } else {
      const pid = stage.postgres();
      if (pid !== undefined) process.kill(pid, "SIGKILL"); // comes back by itself
    }
    await sleep(100 + random.between(0, 100));
  }
  await asking;
  how.say(`all ${load.accepted.size} requests answered; waiting for the mails …`);
  const seconds = await drain(stage, how);
  const kinds = Object.fromEntries(Object.entries(killed).map(([name, count]) => [`killed: ${name}`, count]));
  const losses = unclearOf(load);
  const counts = { ...kinds, ...refusalsOf(load), "seconds until the last mail": seconds };
  return examine(stage, load.accepted.values(), { counts, losses, mostRepeats: kills * connections });
}
