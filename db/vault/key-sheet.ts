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

/** Lines about the keys of these kinds: the newest of each or, with `all`, the older ones as well. */
export function keySheet(kinds: readonly KeyKind[], { all = false } = {}): string {
  const parts = keyStores.filter(({ kind }) => kinds.includes(kind)).map((store) => sheetOf(store, all));
  return [...parts, `  ${apart}`].join("\n\n");
}

function sheetOf(store: KeyStore, all: boolean): string {
  const [newest, ...older] = shownKeys(store);
  const place = store.variableKeys() === undefined ? store.path() : store.variable;
  if (!newest) return `  ${about[store.kind]}\n  There is none here: ${store.path()} is made at the first start.`;
  return [
    `  ${about[store.kind]}`,
    `  ${newest.written}`,
    `  key id ${newest.id}, in ${place}`,
    ...(all ? older.map(({ id, written }) => `  older, for backups of before (key id ${id}):\n  ${written}`) : []),
  ].join("\n");
}

/** What is shown once, when keys were made just now. */
export const newKeysWarning = (kinds: readonly KeyKind[]): string =>
  `  IMPORTANT: a new ${kinds.map((kind) => `${kind} key`).join(" and a new ")} ${kinds.length > 1 ? "were" : "was"} made. Write down each of its 13 groups.

${keySheet(kinds)}`;
