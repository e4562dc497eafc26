/**
 * Small logs outside the database, from which a restored backup learns what it must not forget: who was erased
 * (tombstones), and which messages a mail server has accepted. They hold ids and times, nothing of anybody.
 * Each process writes a file of its own for each day, first in DATA_DIR/logs and then, where backups go to a folder, at once
 * beside them too. That may be a share that hangs, so nobody waits long for it. Jobs make up for what is missing there, and bring
 * all of it to a bucket (`copyLogs`).
 */

import { randomBytes } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { appendFile, mkdir, open, readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { env } from "#db/env.ts";
import { log, traceOf } from "#db/log.ts";
import { requirePlace } from "./place.ts";
import type { ObjectStore } from "./store.ts";

export type LogName = "tombstones" | "accepted";

/** Whom or what a database that came back must erase or unsubscribe again: an id, at a moment (ISO 8601). */
export interface Tombstone {
  at: string;
  case?: string;
  grant?: string;
  subscriber?: string;
  /** An entry of the site, such as a story. */
  content?: string;
  /** A reader who unsubscribed. */
  left?: string;
  /** A subscription: its reader left that one list. */
  leftList?: string;
  /** A code of db/terms/privacy.ts; absent: the family or the reader asked for it. */
  reason?: string;
}

/** A message that a mail server accepted, at a moment (ISO 8601); of a copy of an issue, also whose. */
export interface Acceptance {
  at: string;
  id: string;
  newsletter?: string;
  subscriber?: string;
}

/** Where the logs lie in a store of backups. */
export const logsPrefix = "logs/";

/** Files never meet, also where several installations keep their backups in one place. */
const processId = randomBytes(6).toString("hex");

const root = () => join(env.DATA_DIR, "logs");

/** "accepted/2026-11-28-1f2e3d4c5b6a.jsonl"; days are UTC. */
const fileOf = (name: LogName, at: Date) => `${name}/${at.toISOString().slice(0, 10)}-${processId}.jsonl`;

/** It begins on a line of its own, also where a full disk cut off the one before. */
const lineOf = (row: Tombstone | Acceptance) => `\n${JSON.stringify(row)}\n`;

/** The same file beside the backups; undefined where they go to a bucket, or nowhere. */
function besideBackups(file: string): string | undefined {
  if (env.BACKUP_DAYS === 0 || env.BACKUP_S3_BUCKET !== undefined) return undefined;
  return join(env.BACKUP_DIR, logsPrefix, file);
}

/**
 * Appends a tombstone and waits until it is on the disk, inside a transaction that must not be committed without it. Throws
 * when that fails in DATA_DIR. The copy beside the backups follows by itself.
 */
export function appendTombstone(tombstone: Tombstone): void {
  const [file, line] = [fileOf("tombstones", new Date()), lineOf(tombstone)];
  const path = join(root(), file);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  appendFileSync(path, line, { mode: 0o600, flush: true });
  void copyBeside(file, line);
}

/**
 * Appends an acceptance together with all that others append meanwhile: one write and one fsync for the batch. Resolves when it
 * is on the disk in DATA_DIR and, unless that fails or takes too long, beside the backups. Never throws: a message that was
 * accepted stays accepted, and the failure is logged.
 */
export async function appendAcceptance(row: Acceptance): Promise<void> {
  const [file, line] = [fileOf("accepted", new Date()), lineOf(row)];
  await appendHere(join(root(), file), line);
  await copyBeside(file, line);
}

/** How long anybody waits for the copy beside the backups, in milliseconds. */
const copyTimeoutMs = 3000;

/** Whether a write beside the backups takes longer. Until it ends nothing more is given to it: `copyLogs` makes up for that. */
let copyHangs = false;

async function copyBeside(file: string, line: string): Promise<void> {
  const path = besideBackups(file);
  if (path === undefined || copyHangs) return;
  const timeout = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    if (!copyHangs) log("backup.log_copy_hangs");
    copyHangs = true;
    timeout.resolve();
  }, copyTimeoutMs);
  const copied = appendBeside(path, line).then(() => (copyHangs = false));
  await Promise.race([copied, timeout.promise]);
  clearTimeout(timer);
}

const appendHere = appender();
const appendBeside = appender(requirePlace);

/**
 * Returns how to append a line to a file. One write is under way at a time, so that a share that hangs holds one of the process's
 * few threads for files; lines that come meanwhile share the next. It resolves after their write, and never throws. `allow` comes
 * before each write, which it stops by throwing.
 */
function appender(allow = () => Promise.resolve()): (path: string, line: string) => Promise<void> {
  const waiting: { path: string; line: string }[] = [];
  let last = Promise.resolve();
  let next: Promise<void> | undefined;
  const write = async () => {
    next = undefined;
    for (const [path, rows] of Map.groupBy(waiting.splice(0), (row) => row.path))
      await allow()
        .then(() => appendAndSync(path, rows.map(({ line }) => line).join("")))
        .catch((error: unknown) => log("backup.log_not_written", traceOf(error)));
  };
  return (path, line) => {
    waiting.push({ path, line });
    next ??= last = last.then(write);
    return next;
  };
}

async function appendAndSync(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, "a", 0o600);
  try {
    await appendFile(file, text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Puts every log file of DATA_DIR that is longer than its copy into the store. Returns how many. */
export async function copyLogs(store: ObjectStore): Promise<number> {
  takeInEarlierFile();
  const known = new Map((await store.list(logsPrefix)).map(({ name, bytes }) => [name, bytes]));
  let copied = 0;
  for (const file of localFiles()) {
    const path = join(root(), file);
    if ((known.get(logsPrefix + file) ?? -1) >= (await stat(path)).size) continue;
    await store.put(logsPrefix + file, await readFile(path));
    copied++;
  }
  return copied;
}

/** All rows of a log: those of DATA_DIR and of these stores, a line that stands in several once. A line cut off by a crash is none. */
export async function readLog(name: LogName, stores: readonly ObjectStore[]): Promise<Record<string, unknown>[]> {
  takeInEarlierFile();
  const lines = new Set<string>();
  const add = (text: string) => {
    for (const line of text.split("\n")) if (line.endsWith("}")) lines.add(line);
  };
  for (const file of localFiles()) if (file.startsWith(`${name}/`)) add(readFileSync(join(root(), file), "utf8"));
  for (const store of stores)
    for (const { name: object } of await store.list(`${logsPrefix}${name}/`)) add((await store.get(object)).toString());
  return [...lines].flatMap(rowIn);
}

/** Nothing of a line that is no row: one damaged line must not keep a family's data from coming back. */
function rowIn(line: string): Record<string, unknown>[] {
  try {
    return [JSON.parse(line) as Record<string, unknown>];
  } catch {
    return [];
  }
}

/** Deletes the files of acceptances of before this day, here and in the store. Tombstones are kept as long as the installation: copies taken by hand may be older than all backups. */
export async function pruneAcceptances(before: Date, store: ObjectStore): Promise<void> {
  pruneOwnAcceptances(before);
  for (const { name } of await store.list(logsPrefix))
    if (isOld(name.slice(logsPrefix.length), before)) await store.delete(name);
}

/** The same here alone. */
export function pruneOwnAcceptances(before: Date): void {
  for (const file of localFiles()) if (isOld(file, before)) rmSync(join(root(), file), { force: true });
}

const isOld = (file: string, before: Date) =>
  file.startsWith("accepted/") && basename(file) < before.toISOString().slice(0, 10);

function localFiles(): string[] {
  if (!existsSync(root())) return [];
  const found = readdirSync(root(), { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  return found.map((entry) => `${basename(entry.parentPath)}/${entry.name}`).toSorted();
}

/** The tombstones of versions before this one, which wrote DATA_DIR/tombstones.log. */
function takeInEarlierFile(): void {
  const earlier = join(env.DATA_DIR, "tombstones.log");
  if (!existsSync(earlier)) return;
  const path = join(root(), "tombstones", `0000-00-00-${processId}.jsonl`);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  renameSync(earlier, path);
}
