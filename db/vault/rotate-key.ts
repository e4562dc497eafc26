/**
 * A new key for the vault. It is stored where every process reads it, and known to all of them, before
 * the first row is wrapped with it; the old ones stay beside it, so whatever dies meanwhile loses nothing
 * and the same command goes on.
 */

import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { type Executor, db, notify, transaction } from "#db/client.ts";
import { env } from "#db/env.ts";
import { Refused } from "#db/errors.ts";
import { traceOf } from "#db/log.ts";
import { keySheet, newKeysWarning } from "./key-sheet.ts";
import { keysChannel, type RunningProcess, runningProcesses, staleAfterSeconds } from "./processes.ts";
import { vaultKeyStore as store } from "./stored-keys.ts";
import { keyIdOf, refreshKeys } from "./vault.ts";
import { keyIdsInUse, rewrapColumn, type WrappedKeyColumn, wrappedKeyColumns } from "./wrapped-keys.ts";

export interface Rotation {
  /** How many rows were wrapped again. */
  rewrapped: number;
  /** Id (hexadecimal) of the key that wraps everything now. */
  key: string;
  /** Whether this went on with a rotation that had begun before; then no further key was made. */
  continued: boolean;
}

interface Options {
  /** The administrator confirms that VAULT_KEY is stored where processes are started from, though no running process shows it. */
  isStored?: boolean;
  /** Progress for the administrator. */
  print?: (sentence: string) => void;
}

/**
 * Wraps every data key with a new key: one made now and put first into vault.key or, where VAULT_KEY is
 * set, the first of that. Throws Refused, with the reason and what to do, before any row has changed.
 */
export function rotateKey({ isStored = false, print = () => {} }: Options = {}): Promise<Rotation> {
  return oneAtATime(async () => {
    const inUse = await keyIdsInUse();
    const wrapsAll = (id: string) => inUse.every((used) => used === id);
    const { id, isBegun } = env.VAULT_KEY === undefined ? await fileKey(wrapsAll, print) : variableKey(inUse);
    if (wrapsAll(id)) return { rewrapped: 0, key: id, continued: false };
    if (env.VAULT_KEY !== undefined && !isBegun && !isStored) await refuseUnproven();
    await everyProcessKnows([id, ...inUse], print);
    if (env.VAULT_KEY !== undefined) print(keySheet(["vault"]));
    return { rewrapped: await rewrapAll(id, inUse, print), key: id, continued: isBegun };
  });
}

/** SQLSTATE lock_not_available: it was waited for as long as `lock_timeout` says. */
const lockNotAvailable = "55P03";

/** Two commands at once would each make a key. Throws Refused when another one is at work. */
function oneAtATime<T>(run: () => Promise<T>): Promise<T> {
  return transaction(async (tx) => {
    await tx.execute(sql`set local lock_timeout = '5s'`);
    const locked = tx.execute(sql`select pg_advisory_xact_lock(hashtext('rotate-key'))`);
    await locked.catch((error: unknown) => {
      if (traceOf(error).code !== lockNotAvailable) throw error;
      throw new Refused("Another rotate-key is at work on this database.");
    });
    return run();
  });
}

/** The key to rotate to. */
interface Wanted {
  id: string;
  /** Whether it had been stored, or even used, before this command. */
  isBegun: boolean;
}

/** The newest key of vault.key; a new one, stored there, when everything is already wrapped with that. */
async function fileKey(wrapsAll: (id: string) => boolean, print: (sentence: string) => void): Promise<Wanted> {
  const elsewhere = (await runningProcesses()).filter(({ keySource }) => keySource === "VAULT_KEY");
  if (elsewhere.length > 0)
    throw new Refused(
      `These running processes take their keys from the variable VAULT_KEY, which no command can write:\n${listed(elsewhere)}\n${variableHelp}`,
    );
  const newest = newestIn(store.fileKeys());
  const isBegun = !wrapsAll(newest);
  if (!isBegun) store.add(randomBytes(32), "first");
  print(newKeysWarning(["vault"]));
  await refreshKeys();
  return { id: newestIn(store.fileKeys()), isBegun };
}

/** The first key of VAULT_KEY. Throws Refused when a vault.key lies here that lacks it. */
function variableKey(inUse: string[]): Wanted {
  const id = newestIn(store.variableKeys());
  const isBegun = inUse.includes(id);
  const file = store.fileKeys();
  if (!isBegun && file !== undefined && !file.some((key) => keyIdOf(key) === id))
    throw new Refused(
      `The first key of VAULT_KEY does not stand in ${store.path()}, from which the next start may read its keys. Nothing was changed.
Run the command without VAULT_KEY: it makes a new key itself and stores it in that file.
If your processes are started with VAULT_KEY, move that file to a safe place first.`,
    );
  return { id, isBegun };
}

function newestIn(keys: Buffer[] | undefined): string {
  const [newest] = keys ?? [];
  if (!newest) throw new Error("the vault is not open");
  return keyIdOf(newest);
}

const variableHelp = `Store VAULT_KEY="NEW,OLD" (both keys, a comma between) where they are started from, restart each of them, and run
rotate-key with the same VAULT_KEY. Make a key with: openssl rand -base64 32`;

const listed = (running: RunningProcess[]) =>
  running.map(({ role, host, pid, keySource }) => `  ${role}, ${host}, pid ${pid}, keys from ${keySource}`).join("\n");

/** Without a running process that knows it, a key in a shell's variable may be stored nowhere at all. */
async function refuseUnproven(): Promise<void> {
  if ((await runningProcesses()).length > 0) return;
  throw new Refused(
    `No process is running that would show that the new key is stored. Nothing was changed.
${variableHelp}
If you are sure that it is stored, add --key-is-stored.`,
  );
}

const unaware = (running: RunningProcess[], ids: string[]) =>
  running.filter(({ keyIds }) => ids.some((id) => !keyIds.includes(id)));

const refusal = (missing: RunningProcess[]) =>
  new Refused(
    `These running processes do not know the new key and all keys in use. No row was changed.\n${listed(missing)}
${env.VAULT_KEY === undefined ? `Each of them must read the same ${store.path()} as this command: copy it there, with mode 600, and run rotate-key again.` : variableHelp}
One that was killed counts as running for ${staleAfterSeconds} seconds.`,
  );

/** Asks running processes to read vault.key again, and waits until none is left that does not know these keys. */
async function everyProcessKnows(ids: string[], print: (sentence: string) => void): Promise<void> {
  await notify(keysChannel);
  const missing = await waitFor(async () => unaware(await runningProcesses(), ids), print);
  if (missing.length > 0) throw refusal(missing);
}

/** Milliseconds: one that was killed is stale by then. VAULT_KEY changes in no running process. */
const longestWait = () => (env.VAULT_KEY === undefined ? (staleAfterSeconds + 5) * 1000 : 0);

/** Waits for processes to take something up; returns those that have not. */
async function waitFor(left: () => Promise<RunningProcess[]>, print: (sentence: string) => void) {
  const end = Date.now() + longestWait();
  let waiting = await left();
  for (let i = 0; waiting.length > 0 && Date.now() < end; i++) {
    if (i === 20) print(`Waiting for:\n${listed(waiting)}`);
    await sleep(100);
    waiting = await left();
  }
  return waiting;
}

const lateOnes = `The new key is in use. But these processes have not noticed, and wrap what they store now with an older key. Nothing is lost: all
keys open. Restart or stop them, then run rotate-key once more: it wraps with the new key what they stored. (If they stored
nothing it makes one more key, and prints it.) Until then an older key must not be thrown away.`;

/** Returns how many rows it wrapped again. */
async function rewrapAll(id: string, inUse: string[], print: (sentence: string) => void): Promise<number> {
  let total = await changeCurrent(id, inUse);
  await notify(keysChannel);
  await refreshKeys();
  total += await rewrapOthers(id);
  const behind = async () => (await runningProcesses()).filter(({ keyIds }) => keyIds[0] !== id);
  const late = await waitFor(behind, print);
  if (late.length > 0) print(`${lateOnes}\n${listed(late)}`);
  for (;;) {
    const received = await rewrapOthers(id); // meanwhile
    if (received === 0) return total;
    total += received;
  }
}

/**
 * From here on new rows are wrapped with this key. Whoever starts at this moment is listed either before,
 * and then has to know the key, or after, and then finds the changed rows.
 */
function changeCurrent(id: string, inUse: string[]): Promise<number> {
  return transaction(async (tx) => {
    await tx.execute(sql`lock table processes in share row exclusive mode`);
    const missing = unaware(await runningProcesses(tx), [id, ...inUse]);
    if (missing.length > 0) throw refusal(missing);
    return rewrapColumns(tx, isInstallations, id);
  });
}

const rewrapOthers = (id: string) => rewrapColumns(db, (column) => !isInstallations(column), id);

/** The installation's own secrets: the key they lie under is the one that every process wraps with. */
const isInstallations = ({ place }: WrappedKeyColumn) => place === "vault_keys.wrapped";

async function rewrapColumns(tx: Executor, which: (column: WrappedKeyColumn) => boolean, id: string): Promise<number> {
  let changed = 0;
  for (const column of (await wrappedKeyColumns(tx)).filter(which)) changed += await rewrapColumn(tx, column, id);
  return changed;
}
