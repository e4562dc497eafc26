/**
 * Keys, and sealing with them. Everything a family writes to us is encrypted with a data key of its own case, and
 * that key is wrapped (encrypted) by the vault's key, which never enters the database or its backups: with the
 * key kept apart, a stolen copy shows nothing (個人情報保護法 施行規則 第7条, Q&A 6-16: 高度な暗号化).
 * The format is in cipher.ts, the columns in sealed-places.ts, tokens and blind indexes in their own files.
 */

import { createSecretKey, type KeyObject } from "node:crypto";
import { eq } from "drizzle-orm";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { NotFound, notOpenCode } from "#db/errors.ts";
import { log } from "#db/log.ts";
import { pooledRandomBytes } from "#db/random/bytes.ts";
import { vaultKeys } from "#db/schema/vault.ts";
import { decrypt, encrypt, type Key, keyFrom, keyIdIn } from "./cipher.ts";
import type { TextPlace, WrappedKeyPlace } from "./sealed-places.ts";
import { keyStores, vaultKeyStore } from "./stored-keys.ts";
import type { KeyKind } from "./written-keys.ts";

/** A data key, unwrapped; `Place` is the column in which it stands wrapped. */
export interface SealingKey<Place extends WrappedKeyPlace> extends Key {
  place: Place;
}

/** The data key of a case, with which everything of one family is sealed. */
export type CaseKey = SealingKey<"cases.wrapped_key">;

/** The vault's keys, newest first; all unwrap. */
let keys: Key[] = [];
/**
 * The one that wraps: the key under which this installation's own secrets lie (`vault_keys`), not simply
 * the newest. So no process wraps with a key before `rotateKey` has made sure that all of them know it.
 */
let current: Key | undefined;
const secrets = new Map<string, KeyObject>();

/** A new data key for the row `id`; `wrapped` is to be stored at `place`, and set to null to erase what it sealed. */
export function newDataKey<Place extends WrappedKeyPlace>(
  place: Place,
  id: string,
): { key: SealingKey<Place>; wrapped: Buffer } {
  const wrapping = current ?? keys[0];
  if (!wrapping) throw new Error("the vault is not open");
  const bytes = pooledRandomBytes(32);
  return { key: { ...keyFrom(bytes), place }, wrapped: encrypt(wrapping, bytes, place, id) };
}

/** The key of this id (hexadecimal); reads the file again when it is unknown, since a rotation may have added it. */
function keyOf(id: string): Key {
  const find = () => keys.find((key) => key.id.toString("hex") === id);
  const known = find();
  if (known) return known;
  readKeys();
  const learned = find();
  if (learned) return learned;
  const source = env.VAULT_KEY === undefined ? vaultKeyStore.path() : "VAULT_KEY";
  throw new KeyMissing(`${source} does not hold the key that wrapped this row (key id ${id}). ${enterKey}`);
}

/** A key is not here, and typing it in mends that. */
export class KeyMissing extends Error {
  override name = "KeyMissing";
}

/** What to do where a key is missing. */
export const enterKey =
  "If it was written down, type it in: npm run -s cli -- keys enter vault (or set VAULT_KEY to it, beside the others).";

const unwrapBytes = (wrapped: Buffer, place: WrappedKeyPlace, id: string) =>
  decrypt(keyOf(keyIdIn(wrapped)), wrapped, place, id);

/** The data key of the row `id`. Throws NotFound when it was erased, an Error when no key here fits. */
export function unwrap<Place extends WrappedKeyPlace>(
  wrapped: Buffer | null,
  place: Place,
  id: string,
): SealingKey<Place> {
  if (wrapped === null) throw new NotFound("erased");
  return { ...keyFrom(unwrapBytes(wrapped, place, id)), place };
}

/** Seals text for one column of the row `id`, which has to be sealed with such a key (see sealed-places.ts). */
export const seal = <Place extends WrappedKeyPlace>(
  key: SealingKey<Place>,
  text: string,
  place: TextPlace<Place>,
  id: string,
): Buffer => encrypt(key, Buffer.from(text, "utf8"), place, id);

/** Opens what `seal` made; throws if the value was altered or belongs to another column or row. */
export const unseal = <Place extends WrappedKeyPlace>(
  key: SealingKey<Place>,
  sealed: Buffer,
  place: TextPlace<Place>,
  id: string,
): string => decrypt(key, sealed, place, id).toString("utf8");

/** A secret of this installation for HMACs. Throws before the vault is open, which it is once the database has been read. */
export function secret(name: "index" | "token" | "auth"): KeyObject {
  const key = secrets.get(name);
  if (!key) throw Object.assign(new Error("the vault is not open"), { code: notOpenCode });
  return key;
}

/** Whether keys and secrets have been read; before that a token can be neither made nor checked. */
export const isVaultOpen = (): boolean => current !== undefined;

/** The secret for better-auth, as text. */
export const secretText = (name: "auth") => secret(name).export().toString("base64url");

/** Reads the keys anew. None is forgotten meanwhile, so that a lost file stops no running process. */
function readKeys(): void {
  const read = vaultKeyStore.keys().map(keyFrom);
  keys = [...read, ...keys.filter((known) => !read.some(({ id }) => id.equals(known.id)))];
}

/** Opens the vault for this process. Returns the keys made just now. */
export async function openVault(): Promise<{ made: KeyKind[] }> {
  const made = await loadKeys();
  await openSecrets();
  return { made };
}

/**
 * Reads the keys (see db/vault/stored-keys.ts), or makes the first ones in DATA_DIR, the backups' beside the vault's; returns
 * which were made. Throws a sentence when there is none for the vault but the database was sealed with one.
 */
export async function loadKeys(): Promise<KeyKind[]> {
  const isHere = () => vaultKeyStore.keys().length > 0;
  if (!isHere()) {
    const [row] = await db.select({ wrapped: vaultKeys.wrapped }).from(vaultKeys).limit(1);
    // Looked for once more: another process may have made it between our look and our question.
    if (row && !isHere())
      throw new KeyMissing(
        `There is no vault key here, but this database was sealed with one (key id ${keyIdIn(row.wrapped)}). Put it back as ${vaultKeyStore.path()}. ${enterKey}`,
      );
  }
  const made = keyStores.filter((store) => store.create()).map(({ kind }) => kind);
  current = undefined;
  keys = [];
  readKeys();
  return made;
}

/** Reads this installation's secrets, or makes them, and from then on wraps with the key they lie under. */
export async function openSecrets(): Promise<void> {
  for (const name of ["index", "token", "auth"]) {
    const fresh = newDataKey("vault_keys.wrapped", name);
    await db.insert(vaultKeys).values({ name, wrapped: fresh.wrapped }).onConflictDoNothing();
    const [row] = await db.select().from(vaultKeys).where(eq(vaultKeys.name, name));
    if (row) secrets.set(name, createSecretKey(unwrapBytes(row.wrapped, "vault_keys.wrapped", name)));
  }
  await refreshKeys();
}

/** Reads again what a rotation may have changed: keys from the files, and which key wraps. Throws when that key is unknown here. */
export async function refreshKeys(): Promise<void> {
  readKeys();
  const [row] = await db.select().from(vaultKeys).where(eq(vaultKeys.name, "index"));
  if (row) current = keyOf(keyIdIn(row.wrapped));
  keepKeyFiles();
}

/** Reads the key files, so that a deleted one can be written again: while a process runs that has read it, it is not lost. */
export function keepKeyFiles(): void {
  for (const store of keyStores) {
    if (store.writeAgain()) log("keys.written_again", { file: store.path() });
    store.fileKeys();
  }
}

/** Ids (hexadecimal) of all keys known here; the one that wraps comes first. */
export function knownKeyIds(): string[] {
  const ids = [...(current ? [current] : []), ...keys].map(({ id }) => id.toString("hex"));
  return [...new Set(ids)];
}

/** Id (hexadecimal) of a key as VAULT_KEY and vault.key hold it. */
export const keyIdOf = (bytes: Buffer): string => keyFrom(bytes).id.toString("hex");

/** The wrapped key of the row `id`, under the vault's key `keyId`. Throws when either key is unknown here. */
export const rewrap = (wrapped: Buffer, place: WrappedKeyPlace, id: string, keyId: string): Buffer =>
  encrypt(keyOf(keyId), unwrapBytes(wrapped, place, id), place, id);
