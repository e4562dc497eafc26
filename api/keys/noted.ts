/** Whether the keys stand on paper: somebody types groups of them that are chosen by chance. */

import { randomInt } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { db, type Executor } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { keysNoted as noted } from "#db/schema/keys-noted.ts";
import { type ShownKey, shownKeys } from "#db/vault/key-sheet.ts";
import { backupKeyStore, keyStores, vaultKeyStore } from "#db/vault/stored-keys.ts";
import { knownKeyIds } from "#db/vault/vault.ts";
import { charactersIn, keyGroupOf, groupsInKey, type KeyKind } from "#db/vault/written-keys.ts";

/** The key of each kind that is to be on paper: the one that wraps everything now, and the one that seals the next backup. */
function keyInUse(kind: KeyKind): ShownKey | undefined {
  if (kind === "backup") return shownKeys(backupKeyStore)[0];
  const [wrapping] = knownKeyIds();
  return shownKeys(vaultKeyStore).find(({ id }) => id === wrapping);
}

/** Of each kind, whether somebody has shown to have the key that is in use now on paper; after a rotation nobody has. */
export async function readKeysNoted(from: Pick<Executor, "select"> = db): Promise<Record<KeyKind, boolean>> {
  return { vault: await isNoted(from, "vault"), backup: await isNoted(from, "backup") };
}

async function isNoted(from: Pick<Executor, "select">, kind: KeyKind): Promise<boolean> {
  const { id = "" } = keyInUse(kind) ?? {};
  const rows = await from
    .select({ kind: noted.kind })
    .from(noted)
    .where(and(eq(noted.kind, kind), eq(noted.keyId, id)));
  return rows.length > 0;
}

/** Numbers (from 1) of two groups, chosen by chance, in rising order. */
export function chooseGroups(): [number, number] {
  const first = randomInt(1, groupsInKey);
  return [first, randomInt(first + 1, groupsInKey + 1)];
}

export interface TypedGroup {
  number: number;
  text: string;
}

/** Writes down that somebody has the key in use on paper. Throws Refused when a group is not as it was written. */
export async function noteKey(kind: KeyKind, typed: readonly TypedGroup[], notedBy: string): Promise<void> {
  const key = keyInUse(kind);
  if (!key) throw new Refused(`The ${kind} key that is in use now is not here.`);
  const wrong = typed.find(({ number, text }) => charactersIn(text) !== keyGroupOf(key.written, number));
  if (wrong) throw new Refused(`Group ${wrong.number} of the ${kind} key is not as it was written. Compare: keys`);
  await db.insert(noted).values({ kind, keyId: key.id, notedAt: new Date(), notedBy }).onConflictDoNothing();
}

export const keyKinds: readonly KeyKind[] = keyStores.map(({ kind }) => kind);
