/** An upgrade is killed in the middle, again and again: the process, and sometimes PostgreSQL with it. */

import { setTimeout as sleep } from "node:timers/promises";
import type { Verified } from "#api/restore/verify.ts";
import { freePort } from "#db/cluster/address.ts";
import { joinCluster } from "#db/cluster/cluster.ts";
import { seededRandom } from "#db/random/seeded.ts";
import { countTables, firstRelease, loadFirstRelease } from "../db/fixtures/first-release.ts";
import { spawnProduct } from "../process.ts";
import { keepBackups } from "./frame/backups.ts";
import type { Drill, How, Outcome } from "./frame/drill.ts";
import { kill, type Stage, staged } from "./frame/stage.ts";

export const upgrade: Drill = {
  about: "the upgrade of the first release, with the backup before it, is killed in the middle",
  sizes: { kills: 12, seed: 7 },
  short: { kills: 2 },
  run: (how) => staged((stage) => run(stage, how)),
};

/** Rows that no upgrade adds to or takes from. */
const tables = [
  "cases",
  "consultations",
  "leads",
  "messages",
  "entries",
  "subscribers",
  "deliveries",
  "clicks",
] as const;

async function run(stage: Stage, how: How): Promise<Outcome> {
  keepBackups(stage);
  stage.variables["VAULT_KEY"] = firstRelease.vaultKey;
  const cluster = await joinCluster(stage.dataDir);
  await loadFirstRelease(cluster.url);
  const before = await countTables(cluster.url, tables);
  await cluster.leave();
  const random = seededRandom(how.size("seed"));
  const killed = { process: 0, "with PostgreSQL": 0 };
  for (let n = 0; n < how.size("kills"); n++) {
    const child = spawnProduct({ ...stage.variables, PORT: String(await freePort()) });
    await sleep(random.between(800, 4000));
    const database = n % 2 === 0 ? undefined : stage.postgres();
    if (database !== undefined) process.kill(database, "SIGKILL");
    await kill(child);
    killed[database === undefined ? "process" : "with PostgreSQL"]++;
  }
  await stage.start();
  const after = await countTables(stage.databaseUrl(), tables);
  const verified = await stage.cli<Verified>("backup", "verify");
  const changed = tables.filter((table) => before[table] !== after[table]);
  return {
    counts: {
      ...Object.fromEntries(Object.entries(killed).map(([name, count]) => [`killed: ${name}`, count])),
      ...after,
      "cases in the backup": verified.rows["cases"] ?? 0,
    },
    losses: [
      ...changed.map((table) => `${table}: ${before[table]} before, ${after[table]} after the upgrade`),
      ...(verified.rows["cases"] === before["cases"] ? [] : ["the backup lacks cases"]),
    ],
  };
}
