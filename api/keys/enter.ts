/** A key that was written down comes back: typed in, it is stored where the next start reads it. */

import { Refused } from "#db/errors.ts";
import { parseKeys } from "#db/vault/key-lists.ts";
import { type KeyStore, keyStores } from "#db/vault/stored-keys.ts";
import { keyIdOf } from "#db/vault/vault.ts";
import { groupsInKey, groupsTyped, type KeyKind, readWrittenKey } from "#db/vault/written-keys.ts";

/** Lines that are typed; undefined at their end. */
export type NextLine = () => Promise<string | undefined>;

export function keyStoreOf(kind: KeyKind): KeyStore {
  const store = keyStores.find((one) => one.kind === kind);
  if (!store) throw new Error("no such kind of key");
  return store;
}

/** Throws Refused where a variable holds the keys, which no command can write. */
export function refuseWhereVariable(kind: KeyKind): void {
  const { variable, variableKeys, path } = keyStoreOf(kind);
  if (variableKeys() === undefined) return;
  throw new Refused(
    `${variable} is set here, so the keys are read from it; a command cannot write it, and what it wrote to ${path()} others that are
started with ${variable} alone would not know. Put the key into the variable where the processes are started from, after the
one in use, with a comma between: ${variable}="IN USE,OLDER". If nothing is started with ${variable}, run this again without it (env -u ${variable} …).`,
  );
}

/**
 * Stores the keys of a text behind those of the file, where they open and do not become the one that seals. Returns the ids of
 * those that were not here. Throws Refused where a variable holds the keys.
 */
export function enterKeys(kind: KeyKind, typed: readonly Buffer[]): string[] {
  refuseWhereVariable(kind);
  const store = keyStoreOf(kind);
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
  let problem: string | undefined;
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
  if (problem !== undefined) throw new Refused(problem);
  if (groups.length === 0) throw new Refused("Nothing was typed.");
  try {
    return [readWrittenKey(kind, groups.join(" "))];
  } catch (error) {
    const left = groupsInKey - groups.length;
    const missing = left === 1 ? "One group is missing" : `${left} groups are missing`;
    throw new Refused(
      `${missing}: ${groups.length} of ${groupsInKey} were typed. Nothing was stored. ${(error as Error).message}`,
    );
  }
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
