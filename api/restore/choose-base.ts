/** Which of the backups in a store is the one to restore. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { listExports } from "#api/backup/exports.ts";
import { listBases, type Manifest } from "#api/backup/sets.ts";
import { manifestName } from "#api/portable/manifest.ts";
import type { ObjectStore } from "#db/backup/store.ts";
import { momentInTokyo } from "#db/calendar/days.ts";
import { Refused } from "#db/errors.ts";
import { vaultKeyStore } from "#db/vault/stored-keys.ts";
import { enterKey, keyIdOf } from "#db/vault/vault.ts";

/**
 * The last base backup that ended before `at`, or the last of all. Throws Refused when there is none, when the vault's key without
 * which it stays closed is not here, and when the store holds the backups of several databases and none was chosen.
 */
export async function chooseBase(
  store: ObjectStore,
  { at, set }: { at?: Date | undefined; set?: string | undefined },
): Promise<Manifest> {
  const all = await listBases(store);
  if (all.length === 0) throw new Refused(await noBackup(store));
  const early = at === undefined ? all : all.filter(({ finishedAt }) => finishedAt <= at);
  if (early.length === 0)
    throw new Refused(
      `The oldest backup there is of ${all[0] && momentInTokyo(all[0].finishedAt)}: --at must be later.`,
    );
  const candidates = early.filter((base) => set === undefined || base.set === set);
  const base = candidates.at(-1);
  if (!base) throw new Refused(`There is no set ${set}. There are:\n${describeSets(all)}`);
  if (set === undefined && isMixed(early)) throw new Refused(`${severalSets}\n${describeSets(all)}`);
  requireVaultKey(base);
  return base;
}

/** An export is no backup, but it comes back with another command. */
async function noBackup(store: ObjectStore): Promise<string> {
  const { description, folder } = store;
  const nothing = `There is no backup in ${description}.`;
  if (folder !== undefined && existsSync(join(folder, manifestName)))
    return `${description} is an export, not a backup. Bring it back with: npm run -s cli -- import ${folder}`;
  if ((await listExports(store)).length === 0) return nothing;
  const where = folder === undefined ? "" : ` (with BACKUP_DIR=${folder})`;
  return `${nothing} But exports are there; the newest comes back with: npm run -s cli -- import${where}`;
}

const severalSets =
  "Backups of several databases lie here, and the newest holds fewer cases than an older one. Choose one with --set:";

/** Whether somebody may have begun anew after a loss, before restoring: then the newest backup is that of an empty database. */
function isMixed(bases: readonly Manifest[]): boolean {
  const newest = bases.at(-1);
  return bases.some(({ set, rows }) => set !== newest?.set && (rows["cases"] ?? 0) > (newest?.rows["cases"] ?? 0));
}

const describeSets = (bases: readonly Manifest[]) =>
  [...new Map(bases.map((base) => [base.set, base])).values()]
    .map(
      ({ set, finishedAt, rows }) => `  ${set}   last base ${momentInTokyo(finishedAt)}   ${rows["cases"] ?? 0} cases`,
    )
    .join("\n");

function requireVaultKey({ vaultKey }: Manifest): void {
  const known = vaultKeyStore.keys().map(keyIdOf);
  if (known.includes(vaultKey)) return;
  throw new Refused(
    known.length === 0
      ? `The vault's key is missing (key id ${vaultKey}). ${enterKey}`
      : `The vault's key that is here is not the one with which this backup was sealed (key id ${vaultKey}). ${enterKey}`,
  );
}
