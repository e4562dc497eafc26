/**
 * The product's own PostgreSQL, kept in DATA_DIR, for installations without a DATABASE_URL.
 * The last process that uses it stops it; a server left running by a crash is used
 * by the next start.
 */

import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connectAsOwner, disconnect } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { freePort, identity, type Identity, isFree, urlOf, writeIdentity } from "./address.ts";
import { isAlive, lock } from "./lock.ts";
import { refuseOrphanedServers } from "./orphaned-servers.ts";
import {
  binaries,
  binaryPaths,
  cannotReplay,
  clearStalePid,
  giveToServer,
  launch,
  ownership,
  postmaster,
  replayFailures,
  run,
} from "./server.ts";
import { type OnWait, waitUntilAnswered } from "./wait.ts";

export interface Cluster {
  /** postgres:// URL of the product's database, with the owner's rights. */
  url: string;
  /** True when this call had to start the server, false when it joined a running one. */
  started: boolean;
  /** Leaves the cluster; stops the server if no other running process uses it. */
  leave: () => Promise<void>;
}

/** Runs while nobody else starts or stops the server of this folder. */
async function locked<T>(dataDir: string, run: () => Promise<T>): Promise<T> {
  const release = await lock(join(dataDir, "start.lock"));
  try {
    return await run();
  } finally {
    release();
  }
}

/**
 * Starts the server in `dataDir`, or uses the one that runs, and keeps it running until `leave`.
 * Throws a sentence for the administrator when it cannot.
 */
export async function joinCluster(dataDir: string, onWait?: OnWait): Promise<Cluster> {
  mkdirSync(dirname(dataDir), { recursive: true });
  mkdirSync(join(dataDir, "run"), { recursive: true, mode: 0o700 });
  const started = await locked(dataDir, async () => {
    const isStarted = await ensureRunning(dataDir, onWait);
    markInUse(dataDir);
    return isStarted;
  });
  let restarting: Promise<void> | undefined;
  const watch = setInterval(() => {
    // One at a time: while the server cannot start, each further one would wait for the lock, too.
    restarting ??= restartIfStopped(dataDir).finally(() => (restarting = undefined));
  }, 300);
  watch.unref();
  return {
    url: urlOf(dataDir, identity(dataDir), "komichi"),
    started,
    leave: async () => {
      clearInterval(watch);
      await leave(dataDir);
    },
  };
}

/** URL of another database on the same server; tests clone theirs this way. */
export function siblingUrl(url: string, database: string): string {
  return Object.assign(new URL(url), { pathname: `/${database}` }).href;
}

/** Notes that this process uses the folder, or will. */
export function markInUse(dataDir: string): void {
  mkdirSync(join(dataDir, "run"), { recursive: true, mode: 0o700 });
  writeFileSync(join(dataDir, "run", String(process.pid)), "");
}

/** Whether a process of the product runs on this folder. */
export const isInUse = (dataDir: string): boolean => users(dataDir).length > 0;

/** Throws Refused while a process of the product, or a command of it, runs on this folder. */
export function refuseInUse(dataDir: string): void {
  const ids = users(dataDir);
  if (ids.length > 0)
    throw new Refused(
      `The product, or a command of it, is running on this DATA_DIR (process ${ids.join(", ")}). Stop it first (Ctrl-C, or kill ${ids.join(" ")}).`,
    );
}

/** Process ids of those that use the server. */
function users(dataDir: string): string[] {
  const folder = join(dataDir, "run");
  return existsSync(folder) ? readdirSync(folder).filter((name) => isAlive(Number(name))) : [];
}

/** Stops a server that a crash left running and that nobody uses. */
export const stopUnused = (dataDir: string): Promise<void> => leave(dataDir);

const leave = (dataDir: string): Promise<void> =>
  locked(dataDir, async () => {
    rmSync(join(dataDir, "run", String(process.pid)), { force: true });
    const server = postmaster(dataDir);
    if (users(dataDir).length > 0 || server === undefined) return;
    process.kill(server.pid, "SIGINT"); // fast shutdown: end sessions, write everything, stop
    while (isAlive(server.pid)) await sleep(20);
  });

/** Watchdog: starts the server again if it was stopped (a crash, a kill, the kernel's out-of-memory killer). Never throws. */
async function restartIfStopped(dataDir: string): Promise<void> {
  if (postmaster(dataDir) !== undefined) return;
  try {
    await locked(dataDir, async () => {
      if (existsSync(join(dataDir, "run", String(process.pid)))) await ensureRunning(dataDir);
    });
  } catch {
    // The next tick tries again; requests meanwhile answer that the database is away.
  }
}

/** Whether there is a database in the folder, running or not. */
export const isInitialised = (dataDir: string): boolean => existsSync(join(dataDir, "pg", "PG_VERSION"));

/** True when it had to be started. */
async function ensureRunning(dataDir: string, onWait?: OnWait): Promise<boolean> {
  await binaries();
  if (!isInitialised(dataDir)) await initialise(dataDir, join(dataDir, "pg"));
  const known = identity(dataDir);
  const isRunning = await adoptRunningServer(dataDir, known, onWait);
  if (!isRunning) await startServer(dataDir, known, onWait);
  await createDatabase(dataDir, known);
  return !isRunning;
}

async function startServer(dataDir: string, known: Identity, onWait?: OnWait): Promise<void> {
  await refuseOrphanedServers(dataDir);
  clearStalePid(join(dataDir, "pg", "postmaster.pid"));
  if (!(await isFree(known.port))) writeIdentity(dataDir, Object.assign(known, { port: await freePort() }));
  const failed = replayFailures(dataDir);
  for (let attempt = 1; attempt <= 20 && !cannotReplay(dataDir, failed); attempt++) {
    const server = launch(dataDir, known.port);
    const hasEnded = () => server.exitCode !== null || server.signalCode !== null;
    if (await waitUntilReady(dataDir, known, hasEnded, onWait)) return;
    // Orphaned backends of a killed server hold its shared memory for a moment.
    await sleep(150);
  }
  throw new Error(`PostgreSQL does not start; its reasons are in ${join(dataDir, "postgres.log")}`);
}

/** Whether one runs already, such as another process's or one left by a crash; then waits until it answers. */
async function adoptRunningServer(dataDir: string, known: Identity, onWait?: OnWait): Promise<boolean> {
  const server = postmaster(dataDir);
  if (server === undefined) return false;
  if (server.port !== known.port) writeIdentity(dataDir, Object.assign(known, { port: server.port }));
  // It may be busy repeating what a crash interrupted; a second one beside it could never start.
  return waitUntilReady(dataDir, known, () => postmaster(dataDir) === undefined, onWait);
}

async function initialise(dataDir: string, directory: string): Promise<void> {
  const fresh = `${directory}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  const passwordFile = join(fresh, "..", "initdb.password");
  const known = { password: randomBytes(24).toString("base64url"), port: await freePort() };
  writeFileSync(passwordFile, known.password, { mode: 0o600 });
  const { initdb } = binaryPaths;
  const { command, options } = ownership(fresh);
  giveToServer(fresh, passwordFile);
  const flags = [
    "-D",
    fresh,
    "-U",
    "komichi_owner",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--locale=C.UTF-8",
  ];
  const [program = initdb, ...before] = [...command, initdb];
  const done = await run(
    program,
    [...before, ...flags, "--auth=scram-sha-256", `--pwfile=${passwordFile}`, "--no-instructions"],
    options,
  );
  rmSync(passwordFile, { force: true });
  if (done.status !== 0) {
    const hint =
      options.uid === undefined
        ? ""
        : "\nAs root it runs as another user, who must be able to enter DATA_DIR and this folder.";
    throw new Error(`initdb failed: ${done.stderr}${hint}`);
  }
  writeIdentity(dataDir, known);
  renameSync(fresh, directory);
}

async function createDatabase(dataDir: string, known: Identity): Promise<void> {
  const owner = connectAsOwner(urlOf(dataDir, known, "postgres"));
  try {
    const found = await owner.execute("select 1 from pg_database where datname = 'komichi'");
    if (found.length === 0) await owner.execute("create database komichi");
  } finally {
    await disconnect(owner);
  }
}

/** Whether the server answered; false where it ended before. */
function waitUntilReady(dataDir: string, known: Identity, hasEnded: () => boolean, onWait?: OnWait): Promise<boolean> {
  const ask = async () => {
    const owner = connectAsOwner(urlOf(dataDir, known, "postgres"));
    await owner.execute("select 1").finally(() => disconnect(owner));
  };
  return waitUntilAnswered(ask, hasEnded, onWait);
}
