/** Which of the backups in a store is the one to restore. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { listExports } from "#api/backup/exports.ts";
import {
  type ClosedBase,
  backupManifestName as nameOfManifest,
  idOf,
  listBases,
  type BackupManifest,
  readBases,
} from "#api/backup/sets.ts";
import { exportManifestName } from "#api/portable/manifest.ts";
import { altered } from "#db/backup/seal.ts";
import type { ObjectStore } from "#db/backup/store.ts";
import { momentInTokyo } from "#db/calendar/days.ts";
import { Refused } from "#db/errors.ts";
import { vaultKeyStore } from "#db/vault/stored-keys.ts";
import { enterKey, keyIdOf } from "#db/vault/vault.ts";

/** What somebody chose of what a store holds. */
export interface Choice {
  /** The database as of this moment. */
  at?: Date | undefined;
  /** Id of a set. */
  set?: string | undefined;
  /** Id of the base backup to begin with. */
  baseId?: string | undefined;
}

/**
 * The last base backup that ended before `at`, or the last of all. Throws Refused when there is none, when the vault's key without
 * which it stays closed is not here, when the store holds the backups of several databases and none was chosen, and when a later
 * one is damaged and none was chosen in its place.
 */
export async function chooseBase(store: ObjectStore, { at, set, baseId }: Choice): Promise<BackupManifest> {
  const { bases: all, closed, refusal } = await readBases(store);
  if (all.length === 0) throw refusal ?? new Refused(await noBackup(store));
  const early = at === undefined ? all : all.filter(({ finishedAt }) => finishedAt <= at);
  if (early.length === 0)
    throw new Refused(
      `The oldest backup there is of ${all[0] && momentInTokyo(all[0].finishedAt)}: --at must be later.`,
    );
  const candidates = early.filter((base) => set === undefined || base.set === set);
  if (candidates.length === 0) throw new Refused(`There is no set ${set}. There are:\n${describeSets(all)}`);
  const base = candidates.findLast(({ id }) => baseId === undefined || id === baseId);
  if (!base)
    throw new Refused(`There is no base backup ${baseId} to begin with. \`backup list\` names those there are.`);
  const damaged = closed.findLast(
    (one) => one.isDamaged && one.id > base.id && isAsked(one, { at, set }) && baseId === undefined,
  );
  if (damaged) throw await damagedBase(store, damaged, `${nameOfManifest(damaged)} ${altered}.`);
  if (set === undefined && baseId === undefined && isMixed(early))
    throw new Refused(`${severalSets}\n${describeSets(all)}`);
  requireVaultKey(base);
  return base;
}

/** Ids are the times at which base backups were begun. */
const isAsked = (base: ClosedBase, { at, set }: Choice) =>
  (at === undefined || base.id < idOf(at)) && (set === undefined || base.set === set);

/** The refusal of a base backup of which an object is damaged; the sentence about it, and what comes back in its place. */
export async function damagedBase(
  store: ObjectStore,
  { set, id }: Pick<BackupManifest, "set" | "id">,
  damage: string,
): Promise<Refused> {
  const older = (await listBases(store)).filter((base) => base.id < id);
  const next = older.findLast((base) => base.set === set) ?? older.at(-1);
  if (!next)
    return new Refused(`${damage} There is no older base backup in ${store.description} that a key here opens.`);
  const asMuch =
    next.set === set
      ? "with the log since, it brings back as much"
      : "it is another database's, and holds what that held";
  return new Refused(
    `${damage} The base backup before it, of ${momentInTokyo(next.finishedAt)}, is there: restore with --base ${next.id} (${asMuch}).`,
  );
}

/** An export is no backup, but it comes back with another command. */
async function noBackup(store: ObjectStore): Promise<string> {
  const { description, folder } = store;
  const nothing = `There is no backup in ${description}.`;
  if (folder !== undefined && existsSync(join(folder, exportManifestName)))
    return `${description} is an export, not a backup. Bring it back with: npm run -s cli -- import ${folder}`;
  if ((await listExports(store)).length === 0) return nothing;
  const where = folder === undefined ? "" : ` (with BACKUP_DIR=${folder})`;
  return `${nothing} But exports are there; the newest comes back with: npm run -s cli -- import${where}, another one with --export ID (\`backup list\` names them)`;
}

const severalSets =
  "Backups of several databases lie here, and the newest holds fewer cases than an older one. Choose one with --set:";

/** Whether somebody may have begun anew after a loss, before restoring: then the newest backup is that of an empty database. */
function isMixed(bases: readonly BackupManifest[]): boolean {
  const newest = bases.at(-1);
  return bases.some(({ set, rows }) => set !== newest?.set && (rows["cases"] ?? 0) > (newest?.rows["cases"] ?? 0));
}

const describeSets = (bases: readonly BackupManifest[]) =>
  [...new Map(bases.map((base) => [base.set, base])).values()]
    .map(
      ({ set, finishedAt, rows }) => `  ${set}   last base ${momentInTokyo(finishedAt)}   ${rows["cases"] ?? 0} cases`,
    )
    .join("\n");

function requireVaultKey({ vaultKey }: BackupManifest): void {
  const known = vaultKeyStore.keys().map(keyIdOf);
  if (known.includes(vaultKey)) return;
  throw new Refused(
    known.length === 0
      ? `The vault's key is missing (key id ${vaultKey}). ${enterKey}`
      : `The vault's key that is here is not the one with which this backup was sealed (key id ${vaultKey}). ${enterKey}`,
  );
}
