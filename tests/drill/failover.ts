/** PostgreSQL is away under load: first frozen, as when a network swallows everything, then stopped, as when another server takes over. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { joinCluster } from "#db/cluster/cluster.ts";
import { Load, pressForm, refusalsOf, unclearOf } from "./frame/clients.ts";
import type { Drill, How, Outcome } from "./frame/drill.ts";
import { examine } from "./frame/examine.ts";
import { drain } from "./frame/ledger.ts";
import { type Stage, staged } from "./frame/stage.ts";

export const failover: Drill = {
  about: "PostgreSQL, elsewhere by DATABASE_URL, is frozen and then away under load",
  sizes: { requests: 5000, away: 60, frozen: 20, seed: 7, clients: 16 },
  short: { requests: 120, clients: 6, away: 2, frozen: 1 },
  run: (how) => staged((stage) => run(stage, how)),
};

async function run(stage: Stage, how: How): Promise<Outcome> {
  const folder = join(stage.folder, "cluster");
  // Started by nobody of the product, and so by nobody of the product again.
  let cluster = await joinCluster(folder);
  stage.variables["DATABASE_URL"] = cluster.url;
  try {
    stage.startMailServer();
    const { port } = await stage.start();
    const load = new Load(how, [port]);
    const asking = load.run();
    await load.until(0.3);
    how.say(`freezing PostgreSQL for ${how.size("frozen")} s …`);
    await freeze(folder, how.size("frozen"));
    await load.until(0.6);
    how.say(`stopping PostgreSQL for ${how.size("away")} s …`);
    await cluster.leave();
    const pressing = pressForm(port, "family");
    const page = await fetch(`http://127.0.0.1:${port}/`);
    await sleep(how.size("away") * 1000);
    cluster = await joinCluster(folder);
    const [pressed] = await Promise.all([pressing, asking]);
    const seconds = await drain(stage, how);
    const counts = {
      "seconds frozen and away": how.size("frozen") + how.size("away"),
      ...refusalsOf(load),
      "forms given back with every word": pressed.givenBack,
      "seconds until the last mail": seconds,
    };
    const losses = [
      ...unclearOf(load),
      ...(page.ok ? [] : [`the first page was answered ${page.status} without a database`]),
      ...(pressed.unclear > 0 ? [`${pressed.unclear} forms were not given back as they were sent`] : []),
      ...(pressed.givenBack === 0 ? ["no form was given back: the database was not away"] : []),
    ];
    return await examine(stage, [...load.accepted.values(), pressed.reference], { counts, losses });
  } finally {
    await cluster.leave();
  }
}

/** Stops every process of the server where it stands (SIGSTOP), and lets them go on after so many seconds. */
async function freeze(folder: string, seconds: number): Promise<void> {
  const postmaster = Number(readFileSync(join(folder, "pg/postmaster.pid"), "utf8").split("\n")[0]);
  const pids = [postmaster, ...childrenOf(postmaster)];
  for (const pid of pids) process.kill(pid, "SIGSTOP");
  await sleep(seconds * 1000);
  for (const pid of pids) process.kill(pid, "SIGCONT");
}

const childrenOf = (parent: number): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/u.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);

function parentOf(pid: number): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)/mu.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    return undefined; // has ended meanwhile
  }
}
