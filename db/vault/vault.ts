/**
 * Sealing. Everything a family tells us is encrypted with a data key of its own case, and that key
 * is wrapped by a key that never enters the database or its backups: with the key kept apart, a
 * stolen copy shows nothing (個人情報保護法 施行規則 第7条, Q&A 6-16: 高度な暗号化).
 *
 * Format of every sealed value: version (1) | key id (4) | iv (12) | ciphertext | tag (16),
 * AES-256-GCM, with "table.column.id" as additional data so that values cannot be swapped.
 */

import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hash,
  type KeyObject,
  timingSafeEqual,
} from "node:crypto";
import { existsSync } from "node:fs";
import { eq } from "drizzle-orm";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { NotFound } from "#db/errors.ts";
import { pooledRandomBytes } from "#db/random/bytes.ts";
import { vaultKeys } from "#db/schema/vault.ts";
import { additionalData, type SealedPlace, type TextPlace, type WrappedKeyPlace } from "./sealed-places.ts";
import { createKeyFile, keyFilePath, storedKeys } from "./stored-keys.ts";

const version = 1;
const overhead = 1 + 4 + 12 + 16;

/**
 * A KeyObject, since handing raw bytes to node:crypto each time costs five times the sealing itself
 * (12 against 2.3 µs for an HMAC, measured).
 */
interface Key {
  /** First four bytes of the key's SHA-256, written into what it seals. */
  id: Buffer;
  object: KeyObject;
}

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

const keyFrom = (bytes: Buffer): Key => ({
  id: hash("sha256", bytes, "buffer").subarray(0, 4),
  object: createSecretKey(bytes),
});

function encrypt(key: Key, plain: Buffer, place: SealedPlace, id: string): Buffer {
  const iv = pooledRandomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key.object, iv).setAAD(additionalData(place, id));
  return Buffer.concat([Buffer.of(version), key.id, iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Key, sealed: Buffer, place: SealedPlace, id: string): Buffer {
  if (sealed.length < overhead || sealed[0] !== version) throw new Error("not a sealed value");
  const decipher = createDecipheriv("aes-256-gcm", key.object, sealed.subarray(5, 17)).setAAD(
    additionalData(place, id),
  );
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(17, -16)), decipher.final()]);
}

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

/** Id of the key that wrapped this, in hexadecimal. */
const wrapperOf = (wrapped: Buffer) => wrapped.subarray(1, 5).toString("hex");

/** The key of this id (hexadecimal), which may stand in the file only since this process read it last. */
function keyOf(id: string): Key {
  const find = () => keys.find((key) => key.id.toString("hex") === id);
  const known = find();
  if (known) return known;
  readKeys();
  const learned = find();
  if (learned) return learned;
  const source = env.VAULT_KEY === undefined ? keyFilePath() : "VAULT_KEY";
  throw new Error(`${source} does not hold the key that wrapped this row (key id ${id}).`);
}

const unwrapBytes = (wrapped: Buffer, place: WrappedKeyPlace, id: string) =>
  decrypt(keyOf(wrapperOf(wrapped)), wrapped, place, id);

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

function secret(name: string): KeyObject {
  const found = secrets.get(name);
  if (!found) throw new Error("the vault is not open");
  return found;
}

/** For equality only: the same address or phone gives the same 32 bytes, and nothing else does. */
export function blindIndex(
  kind: "email" | "phone" | "key" | "body" | "network" | "receipt_code",
  value: string,
): Buffer {
  return createHmac("sha256", secret("index")).update(`${kind}\0${value}`).digest();
}

/** A secret for others (better-auth's), as text. */
export const secretText = (name: "auth") => secret(name).export().toString("base64url");

type Purpose = "invitation" | "click" | "receipt" | "return" | "download" | "confirm" | "unsubscribe" | "preferences";

const mac = (purpose: Purpose, payload: Buffer) =>
  createHmac("sha256", secret("token")).update(purpose).update("\0").update(payload).digest().subarray(0, 16);

/** A URL-safe token that says `payload` and could only be made here, for one purpose. */
export function signToken(purpose: Purpose, payload: Buffer): string {
  return Buffer.concat([mac(purpose, payload), payload]).toString("base64url");
}

/** The payload of a token, or undefined if it was not made here for this purpose. */
export function readToken(purpose: Purpose, token: string): Buffer | undefined {
  if (!/^[\w-]{22,400}$/u.test(token)) return undefined;
  const bytes = Buffer.from(token, "base64url");
  if (bytes.toString("base64url") !== token) return undefined; // another spelling of the same bytes
  const payload = bytes.subarray(16);
  return bytes.length > 16 && timingSafeEqual(bytes.subarray(0, 16), mac(purpose, payload)) ? payload : undefined;
}

const uuidBytes = (id: string) => Buffer.from(id.replaceAll("-", ""), "hex");

/** Token for one row; 43 characters. */
export const tokenForId = (purpose: Purpose, id: string) => signToken(purpose, uuidBytes(id));

/** The row id in a token, or undefined. */
export function idFromToken(purpose: Purpose, token: string | undefined): string | undefined {
  const payload = token === undefined ? undefined : readToken(purpose, token);
  if (payload?.length !== 16) return undefined;
  return payload.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, "$1-$2-$3-$4-$5");
}

/** What is stored of a token. */
export const hashToken = (token: string) => createHash("sha256").update(token).digest();

/** Reads the keys anew. None is forgotten meanwhile, so that a lost file stops no running process. */
function readKeys(): void {
  const read = storedKeys().map(keyFrom);
  keys = [...read, ...keys.filter((known) => !read.some(({ id }) => id.equals(known.id)))];
}

/** Opens the vault for this process. Returns the path of a key made just now. */
export async function openVault(): Promise<{ created?: string }> {
  const made = await loadKeys();
  await openSecrets();
  return made;
}

/**
 * Reads the keys (see db/vault/stored-keys.ts), or makes the first one in DATA_DIR/vault.key; returns its path
 * then. Throws a sentence when there is none but the database was sealed with one.
 */
export async function loadKeys(): Promise<{ created?: string }> {
  const path = keyFilePath();
  let isMade = false;
  if (env.VAULT_KEY === undefined && !existsSync(path)) {
    const [row] = await db.select({ wrapped: vaultKeys.wrapped }).from(vaultKeys).limit(1);
    if (row)
      throw new Error(
        `There is no vault key here, but this database was sealed with one (key id ${wrapperOf(row.wrapped)}). Put it back as ${path}, or set VAULT_KEY.`,
      );
    isMade = createKeyFile();
  }
  current = undefined;
  keys = [];
  readKeys();
  return isMade ? { created: path } : {};
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

/** Takes up what a rotation changed since: keys from the file, and which key wraps. Throws when that is unknown here. */
export async function refreshKeys(): Promise<void> {
  readKeys();
  const [row] = await db.select().from(vaultKeys).where(eq(vaultKeys.name, "index"));
  if (row) current = keyOf(wrapperOf(row.wrapped));
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

/** What an administrator has to be told once, loudly, of a key made just now. */
export const newKeyWarning = (path: string): string =>
  `  IMPORTANT: a new vault key was made. Without it, nothing that families write can ever be read again.
  Print it or copy it to a safe place apart from the backups: ${path}`;
