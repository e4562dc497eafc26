/** A key that was written down comes back: typed in, it is stored where the next start reads it. */

import { Refused } from "#db/errors.ts";
import { parseKeys } from "#db/vault/key-lists.ts";
import { keyStores } from "#db/vault/stored-keys.ts";
import { keyIdOf } from "#db/vault/vault.ts";
import { groupsInKey, groupsTyped, type KeyKind, readWrittenKey } from "#db/vault/written-keys.ts";

/** Lines that are typed; undefined at their end. */
export type NextLine = () => Promise<string | undefined>;

/**
 * Stores the keys of a text behind those of the file, where they open and do not become the one that seals. Returns the ids of
 * those that were not here. Throws Refused where a variable holds the keys.
 */
export function enterKeys(kind: KeyKind, typed: readonly Buffer[]): string[] {
  const store = keyStores.find((one) => one.kind === kind);
  if (!store) throw new Error("no such kind of key");
  if (store.variableKeys() !== undefined)
    throw new Refused(`${store.variable} is set: put the key into it, after the others with a comma between.`);
  const added: string[] = [];
  for (const key of typed) {
    if (store.keys().some((known) => known.equals(key))) continue;
    store.add(key, "last");
    added.push(keyIdOf(key));
  }
  return added;
}

/**
 * Reads a key line by line until it is whole and right; an empty line asks what is wrong with it so far. Of a wrong one it
 * says which group is wrong, and takes that group alone ("5 V3K8Q"). Throws Refused with the last sentence when the lines end
 * before. One line may also be the base64 of a key, or several keys, as variables and files hold them.
 */
export async function readTypedKeys(kind: KeyKind, next: NextLine, say: (sentence: string) => void): Promise<Buffer[]> {
  let groups: string[] = [];
  let problem = "Nothing was typed.";
  for (let line = await next(); line !== undefined; line = await next()) {
    const whole = keysOf(kind, line);
    if (whole) return whole;
    const correction = correctionIn(line, groups.length);
    groups = correction ? groups.with(correction.at, correction.group) : [...groups, ...groupsTyped(line)];
    if (groups.length < groupsInKey && line.trim() !== "") continue;
    try {
      return [readWrittenKey(kind, groups.join(" "))];
    } catch (error) {
      problem = (error as Error).message;
      const isTooLong = groups.length > groupsInKey;
      say(`${problem} ${isTooLong ? "Type all of it again." : "Type its number and the group again, like: 5 V3K8Q"}`);
      if (isTooLong) groups = [];
    }
  }
  throw new Refused(problem);
}

function keysOf(kind: KeyKind, line: string): Buffer[] | undefined {
  try {
    return parseKeys(kind, line, "What was typed");
  } catch {
    return undefined; // a part of a key, or a wrong one
  }
}

/** "5 V3K8Q", once all groups have been typed. */
function correctionIn(line: string, typed: number): { at: number; group: string } | undefined {
  const [, number = "", group = ""] = /^\s*(\d{1,2})[\s:.]+(\S+)\s*$/u.exec(line.normalize("NFKC")) ?? [];
  const at = Number(number) - 1;
  return typed === groupsInKey && at >= 0 && at < groupsInKey ? { at, group } : undefined;
}
