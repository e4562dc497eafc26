/** The keys from a terminal: shown, noted, typed in again, changed. */

import { userInfo } from "node:os";
import { createInterface } from "node:readline";
import { backupIdentity, backupKeys } from "#db/backup/keys.ts";
import { isInitialised } from "#db/cluster/cluster.ts";
import { type CommandAnswer, type Commands, WrongUsage } from "#db/command.ts";
import { env } from "#db/env.ts";
import { settings } from "#db/settings/settings.ts";
import { idInUse, keySheet, shownKeys } from "#db/vault/key-sheet.ts";
import { rotateKey } from "#db/vault/rotate-key.ts";
import { backupKeyStore, type KeyStore, vaultKeyStore } from "#db/vault/stored-keys.ts";
import { keyIdOf } from "#db/vault/vault.ts";
import type { KeyKind } from "#db/vault/written-keys.ts";
import { enterKeys, type NextLine, readTypedKeys, refuseWhereVariable, keyStoreOf } from "./enter.ts";
import { expectedKey, wrappingKey } from "./in-use.ts";
import { chooseGroups, keyKinds, readKeysNoted, noteKey, type TypedGroup } from "./noted.ts";
import { rotateBackupKey } from "./rotate-backup-key.ts";

export const keyCommands: Commands = {
  "keys noted": {
    makesNone: true,
    usage: "keys noted   (asks for groups of both keys, from your paper, on standard input)",
    words: [0, 0],
    run: () => withLines(askWhetherNoted),
  },
  "keys enter": {
    usage: "keys enter vault|backup   (stores a key that was written down; reads it from standard input)",
    words: [1, 1],
    needsDatabase: false,
    run: ([kind]) => withLines((next) => enter(kindNamed(kind), next)),
  },
  keys: {
    usage: "keys   (shows the vault's and the backups' keys, to write them down, and which are in use)",
    words: [0, 0],
    needsDatabase: false,
    run: async () => show(),
  },
  "rotate-key": {
    makesNone: true,
    usage:
      "rotate-key [--key-is-stored] [--backup]   (with VAULT_KEY: the new key first in it, the old one after a comma; --backup: a new key for the backups)",
    words: [0, 0],
    options: { "key-is-stored": { type: "boolean" }, backup: { type: "boolean" } },
    run: (_words, _options, flags) => (flags.has("backup") ? rotateBackups() : rotateVault(flags.has("key-is-stored"))),
  },
};

const print = (sentence: string) => void process.stderr.write(`${sentence}\n`);

function kindNamed(word: string | undefined): KeyKind {
  const kind = keyKinds.find((one) => one === word);
  if (!kind) throw new WrongUsage("Which key: keys enter vault, or keys enter backup?");
  return kind;
}

/** Gives the lines of standard input, one by one. */
async function withLines<T>(run: (next: NextLine) => Promise<T>): Promise<T> {
  const reader = createInterface({ input: process.stdin });
  const lines = reader[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    return done ? undefined : value;
  };
  return run(next).finally(() => reader.close());
}

async function show(): Promise<CommandAnswer> {
  const [vault, backup] = [shownKeys(vaultKeyStore), shownKeys(backupKeyStore)];
  const [newest] = backupKeys();
  const identity = newest && backupIdentity(newest);
  const wrapping = await wrappingKey();
  const hasDatabase = wrapping !== undefined || isInitialised(env.DATA_DIR);
  const inUse = { vault: idInUse("vault", vault, wrapping), backup: idInUse("backup", backup, wrapping) };
  return {
    value: { vault, backup, in_use: inUse, age_identity: identity ?? null },
    lines: [
      "WARNING: whoever sees this and has a backup can read everything. Do not mail it, photograph it, or keep it in a file.",
      "",
      keySheet(keyKinds, { all: true, wrapping, hasDatabase }),
      ...(identity === undefined
        ? []
        : ["", "  The backup key as other tools take it (age -d -i FILE):", `  ${identity}`]),
    ],
    failed: !vault.some(({ id }) => id === inUse.vault) || backup.length === 0,
  };
}

/** Two groups of each key that nobody has shown to have yet. One key may be right and the other wrong. */
async function askWhetherNoted(next: NextLine): Promise<CommandAnswer> {
  const problems: string[] = [];
  const before = await readKeysNoted();
  for (const kind of keyKinds.filter((one) => !before[one])) {
    const typed: TypedGroup[] = [];
    for (const number of chooseGroups()) {
      process.stderr.write(`${kind} key, group ${number} of 13: `);
      typed.push({ number, text: (await next()) ?? "" });
    }
    await noteKey(kind, typed, userInfo().username).catch((error: Error) => problems.push(error.message));
  }
  const value = await readKeysNoted();
  const lines = keyKinds.map((kind) => `${kind} key: ${value[kind] ? "noted" : "not noted"}`);
  return { value, lines: [...problems, ...lines], failed: problems.length > 0 };
}

async function enter(kind: KeyKind, next: NextLine): Promise<CommandAnswer> {
  refuseWhereVariable(kind);
  print(
    `Type the 13 groups of the ${kind} key, in one line or several; then Enter. Of several keys type the newest first.`,
  );
  const store = keyStoreOf(kind);
  const added = enterKeys(kind, await readTypedKeys(kind, next, print));
  const expected = await expectedKey(kind);
  const newest = store.keys().find((key) => added.includes(keyIdOf(key)) && keyIdOf(key) === expected);
  if (newest) store.putFirst(newest);
  const ids = shownKeys(store).map(({ id }) => id);
  const line = added.length === 0 ? "It was here already." : `stored in ${store.path()}: key id ${added.join(", ")}`;
  return {
    value: { added },
    lines: [line, ...linesOfSeveral(store, ids, expected)],
  };
}

/** Which of the keys is the one in use, and who said so. */
function linesOfSeveral({ kind, path }: KeyStore, ids: readonly string[], expected: string | undefined): string[] {
  if (expected === undefined && ids.length < 2)
    return ["Of several keys the one typed first is in use, until a restore or the database tells otherwise."];
  const isExpected = expected !== undefined && ids.includes(expected);
  const used = isExpected && kind === "vault" ? expected : ids[0];
  const others = ids.filter((id) => id !== used);
  const lines = [
    `in use: key id ${used}, ${expected === used ? tells[kind] : `since it stands first in ${path()}`}`,
    ...(others.length > 0 ? [`kept to open older things: key id ${others.join(", ")}`] : []),
  ];
  if (isExpected) return lines;
  if (expected !== undefined && kind === "vault")
    return [...lines, `This database needs another one, key id ${expected}: type that in, too.`];
  return [
    ...lines,
    `Nothing here tells yet which of several is the newest; a restore will, by the backup. Without one, and if ${used} is not the
newest: stop the product, move ${path()} to a safe place, and type all of them again, the newest first.`,
  ];
}

const tells: Record<KeyKind, string> = {
  vault: "as the database says",
  backup: "with which the newest backup was sealed",
};

/** As long as a backup of before may be wanted back. */
const oldKeyNeeded = () => [
  `Keep the old key, too, as long as backups of before are kept (${settings().values.keep_backup_days} days): they need it.`,
];

async function rotateVault(isStored: boolean): Promise<CommandAnswer> {
  const value = await rotateKey({ isStored, print });
  const continued = value.continued ? ["went on with the rotation begun before; for another key run it again"] : [];
  const lines = [`rewrapped: ${value.rewrapped}`, `key: ${value.key}`, ...continued];
  return { value, lines: [...lines, ...oldKeyNeeded()] };
}

async function rotateBackups(): Promise<CommandAnswer> {
  const { id, older } = rotateBackupKey(print);
  return {
    value: { key: id, older },
    lines: [
      `key: ${id}`,
      `older keys: ${older}`,
      "Take a backup with it now: npm run -s cli -- backup",
      ...oldKeyNeeded(),
    ],
  };
}
