/**
 * Where keys are kept outside the database: the vault's in the variable VAULT_KEY, in the file DATA_DIR/vault.key, or in
 * both; that of the backups likewise in BACKUP_KEY and backup.key. A list is newest first; all its keys open.
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
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { env } from "#db/env.ts";
import { parseKeys } from "./key-lists.ts";
import type { KeyKind } from "./written-keys.ts";

export interface KeyStore {
  kind: KeyKind;
  /** Name of the variable. */
  variable: "VAULT_KEY" | "BACKUP_KEY";
  /** Path of the file. */
  path: () => string;
  /** Keys of the variable, newest first; undefined when it is not set. Throws a sentence when it is unusable. */
  variableKeys: () => Buffer[] | undefined;
  /** Keys of the file, newest first; undefined when there is no such file. Throws a sentence when it is unusable. */
  fileKeys: () => Buffer[] | undefined;
  /** Everything that can open here: the variable's first, then the file's. */
  keys: () => Buffer[];
  /** Makes the first key and its file, where neither file nor variable is there. False when they are, or another process was quicker. */
  create: () => boolean;
  /**
   * Stores a key, before those of the file or after them; the first makes the file. Whatever dies meanwhile, the file
   * holds the old keys or all of them, and when this returns they are on the disk. It stays its owner's, whoever runs
   * the command.
   */
  add: (key: Buffer, where: "first" | "last") => void;
  /** Puts a key of the file before the others; false where it stood first, or stands in no file. */
  putFirst: (key: Buffer) => boolean;
  /**
   * Writes the file again as this process read it last, when nothing stands in its place: somebody deleted it. Not while
   * the variable is set, and not in place of a link that leads nowhere: a key on a medium that is taken out is never
   * written to this disk. True when it did.
   */
  writeAgain: () => boolean;
}

function keyStore(kind: KeyKind): KeyStore {
  const variable = kind === "vault" ? "VAULT_KEY" : "BACKUP_KEY";
  const path = () => join(env.DATA_DIR, `${kind}.key`);
  /** What each file held when it was read last. */
  const lastRead = new Map<string, Buffer[]>();
  const variableKeys = () => {
    const text = env[variable];
    return text === undefined ? undefined : parseKeys(kind, text, `The environment variable ${variable}`);
  };
  const fileKeys = () => {
    if (!existsSync(path())) return undefined;
    const keys = parseKeys(kind, readFileSync(path(), "utf8"), path());
    lastRead.set(path(), keys);
    return keys;
  };
  return {
    ...{ kind, variable, path, variableKeys, fileKeys },
    keys: () => [...(variableKeys() ?? []), ...(fileKeys() ?? [])],
    create: () => env[variable] === undefined && !existsSync(path()) && makeFile(path(), [randomBytes(32)]),
    add: (key, where) => {
      const known = fileKeys();
      if (known === undefined) makeFile(path(), [key]);
      else replaceFile(path(), where === "first" ? [key, ...known] : [...known, key]);
    },
    putFirst: (key) => {
      const known = fileKeys() ?? [];
      const others = known.filter((other) => !other.equals(key));
      if (others.length === known.length || known[0]?.equals(key)) return false;
      replaceFile(path(), [key, ...others]);
      return true;
    },
    writeAgain: () => {
      const keys = env[variable] === undefined ? lastRead.get(path()) : undefined;
      return keys !== undefined && existsSync(env.DATA_DIR) && !standsThere(path()) && makeFile(path(), keys);
    },
  };
}

export const vaultKeyStore = keyStore("vault");
export const backupKeyStore = keyStore("backup");
export const keyStores: readonly KeyStore[] = [vaultKeyStore, backupKeyStore];

/** A file, or a link wherever it leads. */
const standsThere = (path: string) => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

/** Makes a file with these keys. False when another process was quicker. */
function makeFile(path: string, keys: Buffer[]): boolean {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const fresh = `${path}.${process.pid}`;
  writeSynced(fresh, keys);
  try {
    linkSync(fresh, path);
    syncFolder(dirname(path));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(fresh, { force: true });
  }
}

function replaceFile(link: string, keys: Buffer[]): void {
  const path = realpathSync(link);
  const fresh = `${path}.new`;
  writeSynced(fresh, keys, statSync(path));
  renameSync(fresh, path);
  syncFolder(dirname(path));
}

function writeSynced(path: string, keys: Buffer[], owner?: Stats): void {
  const file = openSync(path, "w", 0o600);
  try {
    fchmodSync(file, 0o600); // what a killed command left behind keeps its own mode
    const made = fstatSync(file);
    if (owner && (owner.uid !== made.uid || owner.gid !== made.gid)) fchownSync(file, owner.uid, owner.gid);
    writeFileSync(file, keys.map((key) => `${key.toString("base64")}\n`).join(""));
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
