/** The clocks of the application and of the database jump, both ways, each by itself and while the mail server is away. */

import { existsSync, globSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { sql } from "drizzle-orm";
import { type Cluster, joinCluster } from "#db/cluster/cluster.ts";
import { Load, refusalsOf, unclearOf } from "./frame/clients.ts";
import type { Drill, How, Outcome } from "./frame/drill.ts";
import { examine } from "./frame/examine.ts";
import { drain } from "./frame/ledger.ts";
import { kill, type Stage, staged } from "./frame/stage.ts";

export const clock: Drill = {
  about: "the application's clock and the database's (with Debian's faketime) jump a day and an hour, both ways",
  sizes: { requests: 2000, jumps: 16, seed: 7, clients: 16 },
  short: { requests: 160, clients: 6, jumps: 6 },
  run: (how) => staged((stage) => run(stage, how)),
};

const [hour, day] = [3600, 86_400];

/** Whose clock jumps, and how many seconds ahead it is then. A jump back is where messages could wait for a day. */
const jumps: [whose: "application" | "database", ahead: number][] = [
  ...([
    ["application", day],
    ["database", day],
    ["database", 0],
    ["application", 0],
  ] as const),
  ...([
    ["application", -day],
    ["database", -day],
    ["application", -hour],
    ["database", -hour],
  ] as const),
  ...([
    ["application", hour],
    ["database", hour],
    ["database", -hour],
    ["application", -hour],
  ] as const),
  ...([
    ["database", hour],
    ["application", day],
    ["application", -day],
    ["database", 0],
  ] as const),
].map(([whose, ahead]) => [whose, ahead]);

/** The first jump of the database back: over it the sender is killed. Over the others it pauses. */
const backWithKill = 2;

/** Preloaded into PostgreSQL: the library of `faketime`, where it is installed. */
const faketime = () => globSync("/usr/lib/{*/,}faketime/libfaketime.so.1").find((path) => existsSync(path));

async function run(stage: Stage, how: How): Promise<Outcome> {
  const clocks = {
    application: join(stage.folder, "application.clock"),
    database: join(stage.folder, "database.clock"),
  };
  const set = (whose: keyof typeof clocks, ahead: number) =>
    writeFileSync(clocks[whose], whose === "database" ? `${ahead < 0 ? "" : "+"}${ahead}\n` : String(ahead));
  set("application", 0);
  set("database", 0);
  const library = faketime();
  if (library === undefined)
    how.say("The database's clock stays right: libfaketime is not there (apt-get install faketime).");
  const cluster = await startCluster(join(stage.folder, "cluster"), library, clocks.database);
  try {
    const preload = pathToFileURL(resolve("tests/drill/frame/shifted-clock.mjs")).href;
    const variables = {
      DATABASE_URL: cluster.url,
      DRILL_CLOCK: clocks.application,
      NODE_OPTIONS: `--import=${preload}`,
    };
    Object.assign(stage.variables, variables);
    stage.startMailServer();
    let product = await stage.start();
    const load = new Load(how, [product.port]);
    const asking = load.run();
    const done = { application: 0, database: 0 };
    const planned = jumps
      .slice(0, how.size("jumps"))
      .filter(([whose]) => whose === "application" || library !== undefined);
    for (const [n, [whose, ahead]] of planned.entries()) {
      await load.until((n + 0.5) / planned.length);
      how.say(`${load.accepted.size} accepted; the ${whose}'s clock is now ${ahead} s ahead …`);
      if (n === backWithKill) {
        // Killed with messages in its hands, whose leases last until it is as late again as the database thought.
        await kill(product.process);
        set(whose, ahead);
        product = await stage.start({}, product.port);
      } else {
        stage.killMailServer();
        await untilPaused(stage, load);
        set(whose, ahead);
        await load.until((n + 0.7) / planned.length);
        stage.startMailServer();
      }
      done[whose]++;
    }
    await asking;
    for (const whose of ["application", "database"] as const) set(whose, 0);
    how.say(`all ${load.accepted.size} requests answered, the clocks are right again; waiting for the mails …`);
    const seconds = await drain(stage, how);
    const counts = {
      "jumps of the application's clock": done.application,
      "jumps of the database's clock": library === undefined ? "0: faketime is not installed" : done.database,
      ...refusalsOf(load),
      "seconds until the last mail": seconds,
    };
    const losses = [...unclearOf(load), ...(await oddDates(stage))];
    return await examine(stage, load.accepted.values(), { counts, losses });
  } finally {
    await stage.stopAll();
    await cluster.leave();
  }
}

/** Waits until the sender has found the mail server away, and so pauses over the jump. */
async function untilPaused(stage: Stage, load: Load): Promise<void> {
  for (let found = 0; found === 0 && !load.isDone; await sleep(20)) {
    found = await stage.withDatabase(async (owner) => {
      const [row] = await owner.execute<{ count: number }>(
        sql`select count(*)::int as count from deliveries where state in ('queued', 'retry') and reply is not null`,
      );
      return row?.count ?? 0;
    });
  }
}

/** PostgreSQL whose clock is read from a file, once a second. */
async function startCluster(folder: string, library: string | undefined, path: string): Promise<Cluster> {
  const variables = {
    LD_PRELOAD: library ?? "",
    FAKETIME_TIMESTAMP_FILE: path,
    FAKETIME_CACHE_DURATION: "1",
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
  };
  if (library === undefined) return joinCluster(folder);
  Object.assign(process.env, variables);
  try {
    return await joinCluster(folder);
  } finally {
    for (const name of Object.keys(variables)) Reflect.deleteProperty(process.env, name);
  }
}

/** Promises whose day is not between the request's own and two weeks later: what a family is told must fit what it asked. */
async function oddDates(stage: Stage): Promise<string[]> {
  return stage.withDatabase(async (owner) => {
    const [row] = await owner.execute<{ count: number; all: number }>(sql`
      with made as (select due_day, (made_at at time zone 'Asia/Tokyo')::date as day from promises)
      select count(*) filter (where due_day < day or due_day > day + 14)::int as count, count(*)::int as all from made`);
    return row?.count === 0 ? [] : [`${row?.count} of ${row?.all} promises name a day that does not fit the request`];
  });
}
