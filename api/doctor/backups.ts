/** Whether there is a backup, new enough and elsewhere, and whether the key here opens it. */

import { randomBytes } from "node:crypto";
import { inArray } from "drizzle-orm";
import { type BackupHealth, backupHealth, isBesideData } from "#api/backup-health/health.ts";
import { movedAside } from "#api/backup-health/moved-aside.ts";
import { keyOfExport, listExports } from "#api/backup/exports.ts";
import { readBases } from "#api/backup/sets.ts";
import { configuredStore, type ObjectStore } from "#db/backup/store.ts";
import { formatDateTime } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { adminMessage } from "#db/errors.ts";
import { jobRuns } from "#db/schema/jobs.ts";
import { runningProcesses } from "#db/vault/processes.ts";
import { doctorWords } from "#db/words/staff/doctor.ts";
import { type Check, ok, type Outside, todo, warn, whenReal } from "./check.ts";

const say = doctorWords.backup;

export async function backupChecks(isReal: boolean, { now }: Outside): Promise<Check[]> {
  const [first] = await runningProcesses();
  const health = await backupHealth(now(), first?.startedAt ?? new Date(0));
  if (health.mode === "none") return [warn("backup.age", say.none, say.noneAdvice)];
  const { kept = health.kept, checks } = await storeChecks(health.mode);
  return [age({ ...health, kept }, await lastError()), await place(isReal), ...checks];
}

function age({ isLate, isNotTaken, upTo, kept }: BackupHealth, error: string): Check {
  const at = upTo && formatDateTime(upTo);
  if (!isLate) return ok("backup.age", at === null ? say.firstWaits : say.ok(at, kept));
  const sentence = at === null ? say.first : isNotTaken ? say.notTaken(at) : say.late(at);
  return todo("backup.age", sentence, say.lateAdvice(error));
}

/** What the jobs of backups failed with the last time. */
async function lastError(): Promise<string> {
  const runs = await db
    .select()
    .from(jobRuns)
    .where(inArray(jobRuns.name, ["ship_wal", "copy_logs", "take_backup"]));
  return runs.flatMap(({ name, error }) => (error === null ? [] : [`${name} ${error}`])).join("、");
}

/** Days within which whoever restored has looked at what came back. */
const asideDays = 7;

/** What a restore moved aside holds families who were erased since. */
export function asideChecks({ now }: Outside): Check[] {
  return movedAside().map(({ path, since }) => {
    const days = Math.floor((now().getTime() - since.getTime()) / 86_400_000);
    return (days < asideDays ? warn : todo)("backup.aside", say.aside(path, days), say.asideAdvice(path));
  });
}

/** A folder that somebody chose on the same disk may be copied elsewhere by them. */
async function place(isReal: boolean): Promise<Check> {
  if (!(await isBesideData())) return ok("backup.place", say.apart);
  const isChosen = !`${env.BACKUP_DIR}/`.startsWith(`${env.DATA_DIR}/`);
  return (isChosen ? warn : whenReal(isReal))("backup.place", say.beside, say.besideAdvice);
}

interface Store {
  /** How many backups it holds that open; undefined where it does not answer. */
  kept?: number;
  checks: Check[];
}

/** Writes, reads and deletes a small object, then opens what every backup says of itself. */
async function storeChecks(mode: BackupHealth["mode"]): Promise<Store> {
  let description = "";
  try {
    const store = configuredStore();
    ({ description } = store);
    await probe(store);
    const found = mode === "export" ? await countExports(store) : await countBases(store);
    return { kept: found.opened, checks: [ok("backup.store", say.store(description)), ...key(found)] };
  } catch (error) {
    return { checks: [todo("backup.store", say.storeFailed(description, adminMessage(error)), say.storeAdvice)] };
  }
}

async function probe(store: ObjectStore): Promise<void> {
  const [name, bytes] = [`probe/${randomBytes(6).toString("hex")}`, randomBytes(64)];
  await store.put(name, bytes);
  const found = await store.get(name);
  await store.delete(name);
  if (!found.equals(bytes)) throw new Error("other bytes came back");
}

/** How many backups a key here opens, and how many none does. */
interface Counted {
  opened: number;
  closed: number;
}

async function countBases(store: ObjectStore): Promise<Counted> {
  const { bases, closed } = await readBases(store);
  return { opened: bases.length, closed: closed.length };
}

async function countExports(store: ObjectStore): Promise<Counted> {
  const keys = await Promise.all((await listExports(store)).map((one) => keyOfExport(store, one)));
  const opened = keys.filter(Boolean).length;
  return { opened, closed: keys.length - opened };
}

/** One that opens is enough: of older ones the key may have been lost. */
function key({ opened, closed }: Counted): Check[] {
  if (opened === 0) return closed === 0 ? [] : [todo("backup.key", say.closed, say.closedAdvice)];
  if (closed === 0) return [ok("backup.key", say.opens(opened))];
  return [warn("backup.key", say.someClosed(opened, closed), say.closedAdvice)];
}
