/**
 * Where the keys of the vault are kept outside the database: in the variable VAULT_KEY, in the file
 * DATA_DIR/vault.key, or in both. A list is newest first; all its keys unwrap.
 */

import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { env } from "#db/env.ts";

export const keyFilePath = (): string => join(env.DATA_DIR, "vault.key");

/** Keys of VAULT_KEY, newest first; undefined when it is not set. Throws a sentence when it is unusable. */
export const variableKeys = (): Buffer[] | undefined =>
  env.VAULT_KEY === undefined ? undefined : parseKeys(env.VAULT_KEY, "The environment variable VAULT_KEY");

/** Keys of vault.key, newest first; undefined when there is no such file. Throws a sentence when it is unusable. */
export function fileKeys(): Buffer[] | undefined {
  const path = keyFilePath();
  return existsSync(path) ? parseKeys(readFileSync(path, "utf8"), path) : undefined;
}

/** Everything that can unwrap here: VAULT_KEY's first, then the file's. */
export const storedKeys = (): Buffer[] => [...(variableKeys() ?? []), ...(fileKeys() ?? [])];

function parseKeys(text: string, source: string): Buffer[] {
  const keys = text
    .trim()
    .split(/[\s,]+/u)
    .map((part) => Buffer.from(part, "base64"));
  if (keys.some((key) => key.length !== 32))
    throw new Error(`${source} is not usable: each key is the base64 of 32 bytes.`);
  return keys;
}

/** Makes the first key and its file. False when another process was quicker. */
export function createKeyFile(): boolean {
  mkdirSync(env.DATA_DIR, { recursive: true, mode: 0o700 });
  const path = keyFilePath();
  const fresh = `${path}.${process.pid}`;
  writeSynced(fresh, [randomBytes(32)]);
  try {
    linkSync(fresh, path);
    syncFolder(env.DATA_DIR);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(fresh, { force: true });
  }
}

/**
 * Puts a new key before those of the file. Whatever dies meanwhile, the file holds the old keys or all
 * of them, and when this returns they are on the disk. It stays its owner's, whoever runs the command.
 */
export function addKeyToFile(): void {
  const path = realpathSync(keyFilePath());
  const fresh = `${path}.new`;
  writeSynced(fresh, [randomBytes(32), ...(fileKeys() ?? [])], statSync(path));
  renameSync(fresh, path);
  syncFolder(dirname(path));
}

function writeSynced(path: string, keys: Buffer[], owner?: Stats): void {
  const file = openSync(path, "w", 0o600);
  try {
    fchmodSync(file, 0o600); // what a killed command left behind keeps its own mode
    const made = fstatSync(file);
    if (owner && (owner.uid !== made.uid || owner.gid !== made.gid)) fchownSync(file, owner.uid, owner.gid);
    writeSync(file, keys.map((key) => `${key.toString("base64")}\n`).join(""));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function syncFolder(path: string): void {
  if (process.platform === "win32") return; // cannot open folders, and needs no such step
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
