/** The disk that holds DATA_DIR, with the embedded PostgreSQL and the outbox, is full while requests come; then there is room again. */

import { spawnSync } from "node:child_process";
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { Load, pressForm, refusalsOf, unclearOf } from "./frame/clients.ts";
import { type Drill, type How, type Outcome, Skipped } from "./frame/drill.ts";
import { examine } from "./frame/examine.ts";
import { drain } from "./frame/ledger.ts";
import { type Stage, staged } from "./frame/stage.ts";

export const diskFull: Drill = {
  about: "the disk of DATA_DIR is full under load, until PostgreSQL stops over it, and then has room again",
  sizes: { requests: 3000, full: 30, megabytes: 320, seed: 7, clients: 16 },
  short: { requests: 120, clients: 6, full: 2 },
  run: (how) => staged((stage) => run(stage, how)),
};

async function run(stage: Stage, how: How): Promise<Outcome> {
  mount(stage.dataDir, how.size("megabytes"));
  try {
    // Without a mail server: mails are files on the same disk.
    stage.variables["SMTP_URL"] = "";
    const { port } = await stage.start();
    const load = new Load(how, [port]);
    const asking = load.run();
    await load.until(0.3);
    const ballast = new Ballast(join(stage.dataDir, "ballast"));
    how.say("filling the disk …");
    ballast.fill();
    const acceptedBefore = load.accepted.size;
    const pressing = pressForm(port, "family");
    const stops = await untilStopped(stage, ballast);
    const page = await fetch(`http://127.0.0.1:${port}/`);
    how.say("PostgreSQL has stopped over it; waiting …");
    for (const end = performance.now() + how.size("full") * 1000; performance.now() < end; await sleep(200))
      ballast.fill();
    const acceptedFull = load.accepted.size - acceptedBefore;
    how.say("making room …");
    ballast.drop();
    const [pressed] = await Promise.all([pressing, asking]);
    const seconds = await drain(stage, how);
    const counts = {
      "megabytes written to fill it": ballast.megabytes,
      "PostgreSQL stopped": stops,
      "accepted while it was full": acceptedFull,
      ...refusalsOf(load),
      "forms given back with every word": pressed.givenBack,
      "seconds until the last mail": seconds,
    };
    const losses = [
      ...unclearOf(load),
      ...(page.ok ? [] : [`the first page was answered ${page.status} while the disk was full`]),
      ...(stops === 0 ? ["PostgreSQL never stopped: the disk was not full"] : []),
      ...(pressed.unclear > 0 ? [`${pressed.unclear} forms were not given back as they were sent`] : []),
    ];
    return await examine(stage, [...load.accepted.values(), pressed.reference], { counts, losses });
  } finally {
    await stage.stopAll();
    spawnSync("umount", ["--lazy", stage.dataDir]);
  }
}

/** A small disk in memory. Throws Skipped where mounting is not allowed. */
function mount(folder: string, megabytes: number): void {
  const done = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=0700`, "tmpfs", folder], {
    encoding: "utf8",
  });
  if (done.status === 0) return;
  const reason = done.error?.message ?? done.stderr.trim();
  throw new Skipped(
    `a small disk (tmpfs) cannot be mounted here (${reason}); as root, or under \`unshare --user --map-root-user --mount\`, it can`,
  );
}

/** Files that take what room there is. */
class Ballast {
  readonly #folder: string;
  #bytes = 0;
  #files = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get megabytes(): number {
    return Math.round(this.#bytes / 1e6);
  }

  /** Writes until not even a page fits. */
  fill(): void {
    const path = `${this.#folder}.${this.#files++}`;
    const file = openSync(path, "w");
    for (const size of [1 << 20, 1 << 12]) {
      const block = Buffer.alloc(size, 1);
      try {
        for (;;) this.#bytes += writeSync(file, block);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      }
    }
    fsyncSync(file);
    closeSync(file);
  }

  drop(): void {
    for (let n = 0; n < this.#files; n++) rmSync(`${this.#folder}.${n}`, { force: true });
  }
}

/** Keeps the disk full until PostgreSQL has ended over a log (WAL) it cannot go on writing. How often it was seen to end. */
async function untilStopped(stage: Stage, ballast: Ballast): Promise<number> {
  const first = stage.postgres();
  for (let n = 0; n < 600; n++) {
    ballast.fill();
    // The next file of the log is wanted now, and not only after sixteen megabytes more.
    await stage
      .withDatabase(async (owner) => {
        await owner.execute(sql`select pg_logical_emit_message(false, 'drill', 'full')`);
        await owner.execute(sql`select pg_switch_wal()`);
      })
      .catch(() => {});
    if (stage.postgres() !== first) return 1;
    await sleep(100);
  }
  return 0;
}
