/** Restoring: a backup becomes the database of DATA_DIR, and is put right before anything serves it. */

import { randomBytes } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { asidePath } from "#api/backup-health/moved-aside.ts";
import { gapInWords, type Print } from "#api/backup/print.ts";
import { noteBackups } from "#api/backup/schedule.ts";
import { endSet, idOf, type LogGap, type BackupManifest, notedSet, walPrefix } from "#api/backup/sets.ts";
import { Damaged } from "#db/backup/seal.ts";
import { configuredStore, type ObjectStore } from "#db/backup/store.ts";
import { momentInTokyo } from "#db/calendar/days.ts";
import { connect, disconnect } from "#db/client.ts";
import { isInitialised, isInUse, markInUse, refuseInUse, stopUnused } from "#db/cluster/cluster.ts";
import { refuseOrphanedServers } from "#db/cluster/orphaned-servers.ts";
import { endsBefore, recover, type Recovered } from "#db/cluster/recover.ts";
import { env } from "#db/env.ts";
import { Refused } from "#db/errors.ts";
import { migrate } from "#db/migrate.ts";
import type { RestoreCounts } from "#db/schema/restores.ts";
import { openVault } from "#db/vault/vault.ts";
import { type Choice, chooseBase, damagedBase } from "./choose-base.ts";
import { replayLogs } from "./replay.ts";
import { settleKeys } from "./settle-keys.ts";
import { unknownUntil } from "./unknown-mails.ts";
import { unpackWal } from "./unpack-wal.ts";
import { unpackBase, unpackFiles } from "./unpack.ts";

interface Unpacked {
  base: BackupManifest;
  recovered: Recovered;
  /** Where the log broke off; undefined where it is whole, and where `at` lies before. */
  gap: LogGap | undefined;
  /** The folder in which the server runs; whoever unpacked it deletes it. */
  folder: string;
}

/**
 * Unpacks a backup into a folder of DATA_DIR and starts its server there. Throws Refused when a part of it is missing or damaged, or
 * its key is not the one here.
 */
export async function unpackBackup(
  store: ObjectStore,
  base: BackupManifest,
  at: Date | undefined,
  print: Print,
): Promise<Unpacked> {
  const folder = await newScratchFolder();
  let gap: LogGap | undefined;
  try {
    print(`Unpacking the backup of ${momentInTokyo(base.finishedAt)} …`);
    await unpackBase(store, base, folder, (done, all) => print(`  part ${done} of ${all}`, true));
    gap = await unpackWal(store, base, folder, (done, all) => print(`  file ${done} of ${all} of the log since`, true));
    for (const name of await unpackFiles(store, folder))
      print(`  ${name} stays behind: it was altered, or sealed with a key for backups that is not here.`);
    print("PostgreSQL replays the log …");
    const recovered = await recover(folder, {
      at,
      onProgress: (until) => print(`  ${momentInTokyo(until)}`, true),
      onWait: (seconds) => print(`  for ${seconds} s so far; a long log takes many minutes`, true),
    });
    return { base, recovered, folder, gap: at === undefined ? gap : undefined };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    if (error instanceof Damaged) throw await damagedBase(store, base, error.message);
    throw gap && error instanceof Refused ? new Refused(`${error.message}\n${gapInWords(gap)}`) : error;
  }
}

/** A folder of DATA_DIR for the database of one command, which deletes it; what killed commands left of theirs is deleted. */
export async function newScratchFolder(): Promise<string> {
  await deleteLeftovers();
  const folder = join(env.DATA_DIR, `restore-${randomBytes(4).toString("hex")}`);
  markInUse(folder); // a second command meanwhile takes it for no leftover
  return folder;
}

/** What killed commands left: half-restored databases, and the servers that may still run in them. */
async function deleteLeftovers(): Promise<void> {
  mkdirSync(env.DATA_DIR, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(env.DATA_DIR).filter((entry) => /^restore-[\da-f]{8}$/u.test(entry))) {
    const folder = join(env.DATA_DIR, name);
    if (isInUse(folder)) continue;
    await stopUnused(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface RestoreResult {
  base: BackupManifest;
  /** What was committed later than this, until the failure, is lost. */
  restoredTo: Date;
  counts: RestoreCounts;
  /** Where the log broke off, and what was written later could not be brought back. */
  gap: LogGap | undefined;
  /** Where the database that was here before lies now. */
  movedTo: string | undefined;
  seconds: number;
}

interface Options extends Choice {
  /** Whether a database that is here may be moved aside. */
  mayReplace: boolean;
  print: Print;
}

/**
 * Restores DATA_DIR from a store. Nothing of DATA_DIR changes before the restored database is complete and put right; what was there is
 * moved aside, not deleted. Throws Refused when a process of the product runs on DATA_DIR or a server of before it was moved away, when a database is here and may not be
 * replaced, and when a key is missing.
 */
export async function restore(
  store: ObjectStore,
  { at, set, baseId, mayReplace, print }: Options,
): Promise<RestoreResult> {
  const started = performance.now();
  refuseWhereInUse(mayReplace);
  if (!isInitialised(env.DATA_DIR)) await refuseOrphanedServers(env.DATA_DIR);
  const base = await chooseBase(store, { at, set, baseId });
  if (at !== undefined && at > (await reachesTo(store, base))) throw endsBefore(at);
  // Whether the logs of DATA_DIR are those of the database that is restored, and not of one begun after a loss.
  const hadLogs = notedSet()?.set === base.set;
  const areThere = (await store.list(walPrefix(base.set))).length > 0;
  const { recovered, folder, gap } = await unpackBackup(store, base, at, print);
  try {
    const restoredTo = recovered.until ?? base.finishedAt;
    print("Putting right what happened since …");
    const counts = await putRight(recovered.url, base.version, [store, configuredStore()], {
      ...{ backup: `${base.set}/${base.id}`, restoredTo, requestedAt: at, gap },
      unknownUntil: hadLogs ? undefined : unknownUntil(store, { areThere, shippedAt: await reachesTo(store, base) }),
    });
    await recovered.leave();
    await stopUnused(env.DATA_DIR);
    const movedTo = moveIntoPlace(folder);
    endSet();
    for (const sentence of await settleKeys(store, base.set)) print(sentence);
    return { base, restoredTo, counts, gap, movedTo, seconds: Math.round((performance.now() - started) / 1000) };
  } finally {
    await recovered.leave();
    rmSync(folder, { recursive: true, force: true });
  }
}

function refuseWhereInUse(mayReplace: boolean): void {
  if (env.DATABASE_URL !== undefined)
    throw new Refused("DATABASE_URL is set: restore that database with its provider's tools, or use `import`.");
  refuseInUse(env.DATA_DIR);
  if (!mayReplace && existsSync(join(env.DATA_DIR, "pg")))
    throw new Refused(
      `There is a database in ${env.DATA_DIR} already. With --replace it is moved aside (not deleted) and the backup takes its place.`,
    );
}

/** Migrates the restored database from that version to this one, and replays the logs on it. Throws Refused where that is the newer one. */
async function putRight(url: string, version: string, stores: ObjectStore[], about: Parameters<typeof replayLogs>[1]) {
  await migrate(url, { version });
  connect(url, { pool: 4 });
  try {
    await openVault();
    const counts = await replayLogs(stores, about);
    await noteBackups();
    return counts;
  } finally {
    await disconnect();
  }
}

/** Until when the backup reaches at most: when its log was shipped last. */
async function reachesTo(store: ObjectStore, base: BackupManifest): Promise<Date> {
  const shipped = await store.list(walPrefix(base.set));
  return new Date(Math.max(base.finishedAt.getTime(), ...shipped.map(({ writtenAt }) => writtenAt.getTime())));
}

/** Copies that the product makes anew of its database. Those of another moment may show a story that was erased or withdrawn. */
const remade = ["pages", "content.json"];

/** Puts the restored files in the place of those of DATA_DIR. Returns where these are now. The server's folder comes last. */
function moveIntoPlace(folder: string): string | undefined {
  const aside = asidePath(idOf(new Date()));
  for (const name of remade)
    for (const root of [folder, env.DATA_DIR]) rmSync(join(root, name), { recursive: true, force: true });
  for (const name of readdirSync(folder).toSorted((a, b) => Number(a === "pg") - Number(b === "pg"))) {
    if (["run", "postgres.log", "start.lock"].includes(name)) continue;
    const place = join(env.DATA_DIR, name);
    if (name === "guides" && existsSync(place)) {
      cpSync(join(folder, name), place, { recursive: true, force: false });
      continue;
    }
    if (existsSync(place)) {
      mkdirSync(aside, { recursive: true, mode: 0o700 });
      renameSync(place, join(aside, name));
    }
    renameSync(join(folder, name), place);
  }
  return existsSync(aside) ? aside : undefined;
}
