/** What an administrator is shown of a key, to write it down. */

import { type KeyStore, keyStores } from "./stored-keys.ts";
import { keyIdOf } from "./vault.ts";
import { type KeyKind, writeKey } from "./written-keys.ts";

const about: Record<KeyKind, string> = {
  vault: "Vault key (金庫の鍵): opens what families wrote. Without it, nothing of that can ever be read again.",
  backup: "Backup key (バックアップの鍵): opens the backups. Without it, no backup can be restored.",
};

const apart = `Keep both on paper, apart from the backups and from each other: a backup can be read by whoever holds it and both keys.
  二つの鍵を紙に控え、バックアップとも、もう一方の鍵とも、別の場所にしまってください。
  Then say that you have: npm run -s cli -- keys noted`;

export interface ShownKey {
  id: string;
  written: string;
}

/** The keys of a store, newest first, each once. */
export function shownKeys({ kind, keys }: KeyStore): ShownKey[] {
  const shown = keys().map((key) => ({ id: keyIdOf(key), written: writeKey(kind, key) }));
  return shown.filter(({ id }, at) => shown.findIndex((other) => other.id === id) === at);
}

interface Sheet {
  /** Whether those that are not in use are shown as well. */
  all?: boolean;
  /** Id of the vault's key that wraps, where the database told it; otherwise the first counts as the one in use. */
  wrapping?: string | undefined;
  /** Whether a database is here, which may need a key that is not. */
  hasDatabase?: boolean;
}

/** Lines about the keys of these kinds: the one in use of each or, with `all`, the others as well. */
export function keySheet(kinds: readonly KeyKind[], sheet: Sheet = {}): string {
  const parts = keyStores.filter(({ kind }) => kinds.includes(kind)).map((store) => sheetOf(store, sheet));
  return [...parts, `  ${apart}`].join("\n\n");
}

function sheetOf(store: KeyStore, { all = false, wrapping, hasDatabase = false }: Sheet): string {
  const shown = shownKeys(store);
  const title = `  ${about[store.kind]}`;
  if (shown.length === 0) return `${title}\n  ${hasDatabase ? missing(store) : none(store)}`;
  const used = idInUse(store.kind, shown, wrapping);
  const at = shown.findIndex(({ id }) => id === used);
  const others = all ? shown.filter(({ id }) => id !== used) : [];
  return [
    title,
    ...(at < 0
      ? [`  The one in use, key id ${used}, is not here. ${typeIn(store.kind)}`]
      : [
          `  ${shown[at]?.written}`,
          `  key id ${used}, in ${placeOf(store)}${others.length > 0 ? ": IN USE NOW" : ""}`,
        ]),
    ...others.map((key) => `  ${shown.indexOf(key) < at ? waits : older} (key id ${key.id}):\n  ${key.written}`),
  ].join("\n");
}

/** Id of the key with which new things are sealed. */
export const idInUse = (kind: KeyKind, [first]: readonly ShownKey[], wrapping: string | undefined) =>
  kind === "vault" ? (wrapping ?? first?.id) : first?.id;

const older = "kept to open what was sealed with it, such as backups";
const waits = "not in use yet: a rotation was interrupted, and rotate-key goes on with it";

const placeOf = ({ variableKeys, path, variable }: KeyStore) => (variableKeys() === undefined ? path() : variable);

const typeIn = (kind: KeyKind) => `Type it in from its paper: npm run -s cli -- keys enter ${kind}`;

const none = ({ path }: KeyStore) => `There is none here: ${path()} is made at the first start.`;

function missing({ kind, path, variable }: KeyStore): string {
  const otherwise =
    kind === "vault"
      ? "No start makes another one for this database."
      : "Otherwise the next start makes a new one, which opens no backup of before.";
  return `It is missing: a database is here, but neither ${path()} nor ${variable}. ${typeIn(kind)}\n  ${otherwise}`;
}

/** What is shown once, when keys were made just now. */
export const newKeysWarning = (kinds: readonly KeyKind[]): string =>
  `  IMPORTANT: a new ${kinds.map((kind) => `${kind} key`).join(" and a new ")} ${kinds.length > 1 ? "were" : "was"} made. Write down each of its 13 groups.

${keySheet(kinds)}`;
