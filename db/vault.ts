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
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eq, sql } from "drizzle-orm";
import { db } from "./client.ts";
import { env } from "./env.ts";
import { NotFound } from "./errors.ts";
import { randomOctets } from "./random.ts";
import { vaultKeys } from "./schema/leads.ts";

const version = 1;
const overhead = 1 + 4 + 12 + 16;

/**
 * A key as node:crypto likes it: handing over raw bytes instead costs five times the sealing itself
 * (12 against 2.3 µs for an HMAC, measured).
 */
export interface SealingKey {
  /** First four bytes of the key's SHA-256, written into what it seals. */
  id: Buffer;
  object: KeyObject;
}

export interface DataKey {
  key: SealingKey;
  /** What to store beside the row; null it to erase. */
  wrapped: Buffer;
}

/** Key-encryption keys, newest first; the newest wraps, all unwrap. */
let wrapping: SealingKey[] = [];
const secrets = new Map<string, KeyObject>();

const sealingKey = (bytes: Buffer): SealingKey => ({
  id: hash("sha256", bytes, "buffer").subarray(0, 4),
  object: createSecretKey(bytes),
});

function encrypt(key: SealingKey, plain: Buffer, place: string): Buffer {
  const iv = randomOctets(12);
  const cipher = createCipheriv("aes-256-gcm", key.object, iv).setAAD(Buffer.from(place));
  return Buffer.concat([Buffer.of(version), key.id, iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: SealingKey, sealed: Buffer, place: string): Buffer {
  if (sealed.length < overhead || sealed[0] !== version) throw new Error("not a sealed value");
  const decipher = createDecipheriv("aes-256-gcm", key.object, sealed.subarray(5, 17)).setAAD(Buffer.from(place));
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(17, -16)), decipher.final()]);
}

/** A new data key for the row whose wrapped key will stand at `place` ("cases.wrapped_key.<id>"). */
export function newDataKey(place: string): DataKey {
  const [current] = wrapping;
  if (!current) throw new Error("the vault is not open");
  const bytes = randomOctets(32);
  return { key: sealingKey(bytes), wrapped: encrypt(current, bytes, place) };
}

function unwrapBytes(wrapped: Buffer, place: string): Buffer {
  const key = wrapping.find(({ id }) => id.equals(wrapped.subarray(1, 5)));
  if (!key) throw new Error("VAULT_KEY does not hold the key that wrapped this row");
  return decrypt(key, wrapped, place);
}

/** The data key again. Throws NotFound when it was erased, an Error when no key here fits. */
export function unwrap(wrapped: Buffer | null, place: string): SealingKey {
  if (wrapped === null) throw new NotFound("erased");
  return sealingKey(unwrapBytes(wrapped, place));
}

/** Seals text under a data key for one place ("consultations.message.<id>"). */
export const seal = (key: SealingKey, text: string, place: string) => encrypt(key, Buffer.from(text, "utf8"), place);

/** Opens what `seal` made; throws if the value was altered or belongs to another place. */
export const unseal = (key: SealingKey, sealed: Buffer, place: string) => decrypt(key, sealed, place).toString("utf8");

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

/**
 * Reads the wrapping keys (VAULT_KEY: base64 of 32 bytes, newest first, comma between) or makes one
 * in DATA_DIR/vault.key, then this installation's secrets. Returns the path of a key made just now.
 */
export async function openVault(): Promise<{ created?: string }> {
  const path = join(env.DATA_DIR, "vault.key");
  let created: string | undefined;
  if (env.VAULT_KEY === undefined && !existsSync(path)) {
    mkdirSync(env.DATA_DIR, { recursive: true, mode: 0o700 });
    writeFileSync(path, `${randomBytes(32).toString("base64")}\n`, { mode: 0o600, flag: "wx" });
    created = path;
  }
  wrapping = readKeys(env.VAULT_KEY ?? readFileSync(path, "utf8"));
  for (const name of ["index", "token", "auth"]) {
    const place = `vault_keys.wrapped.${name}`;
    const fresh = newDataKey(place);
    await db.insert(vaultKeys).values({ name, wrapped: fresh.wrapped }).onConflictDoNothing();
    const [row] = await db.select().from(vaultKeys).where(eq(vaultKeys.name, name));
    if (row) secrets.set(name, createSecretKey(unwrapBytes(row.wrapped, place)));
  }
  return created === undefined ? {} : { created };
}

/** What an administrator has to be told once, loudly, of a key made just now. */
export const newKeyWarning = (path: string): string =>
  `  IMPORTANT: a new vault key was made. Without it, nothing that families write can ever be read again.
  Print it or copy it to a safe place apart from the backups: ${path}`;

function readKeys(text: string): SealingKey[] {
  const keys = text
    .trim()
    .split(/[\s,]+/u)
    .map((part) => Buffer.from(part, "base64"));
  if (keys.some((key) => key.length !== 32))
    throw new Error("The environment variable VAULT_KEY is not usable: each key is the base64 of 32 bytes.");
  return keys.map(sealingKey);
}

/** Tables that hold a wrapped key, for rotation. */
const wrappedColumns = [
  ["cases", "wrapped_key", "id"],
  ["subscribers", "wrapped_key", "id"],
  ["download_grants", "wrapped_key", "id"],
  ["vault_keys", "wrapped", "name"],
] as const;

/** Wraps every data key again under the newest key. Returns how many rows changed. */
export async function rewrapAll(): Promise<number> {
  const [current] = wrapping;
  if (!current) throw new Error("the vault is not open");
  let changed = 0;
  for (const [table, column, key] of wrappedColumns) {
    const rows = await db.execute<{ id: string; wrapped: Buffer }>(
      sql`select ${sql.identifier(key)}::text as id, ${sql.identifier(column)} as wrapped from ${sql.identifier(table)} where ${sql.identifier(column)} is not null`,
    );
    for (const row of rows) {
      if (current.id.equals(row.wrapped.subarray(1, 5))) continue;
      const place = `${table}.${column}.${row.id}`;
      const again = encrypt(current, unwrapBytes(row.wrapped, place), place);
      // Only where it still stands: a family erased meanwhile must not come back.
      const rewrapped = await db.execute(
        sql`update ${sql.identifier(table)} set ${sql.identifier(column)} = ${again}
          where ${sql.identifier(key)}::text = ${row.id} and ${sql.identifier(column)} = ${row.wrapped} returning 1`,
      );
      changed += rewrapped.length;
    }
  }
  return changed;
}
