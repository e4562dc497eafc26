/** What every change of settings goes through: one lock, a row of history for each key, and the values in force after it. */

import { isDeepStrictEqual } from "node:util";
import { eq, sql } from "drizzle-orm";
import type { Staff } from "#db/actor.ts";
import { type Transaction, transaction } from "#db/client.ts";
import { log, traceOf } from "#db/log.ts";
import { newId } from "#db/random/ids.ts";
import { type changeKinds, settingsChanges, settingsValues } from "#db/schema/settings.ts";
import { type Hours, type SettingKey, SettingValues } from "#db/settings/keys.ts";
import { isAlwaysClosed } from "#db/settings/settings.ts";
import { loadSettings } from "#db/settings/store.ts";
import { settingsWords, settingWords } from "#db/words/staff/settings.ts";

/** Rows beside the settings: whether families may come, and what a manager has confirmed. Not exported. */
export const confirmations = ["confirmed.vault_key", "confirmed.one_manager"] as const;
export type RowKey = SettingKey | "stage" | (typeof confirmations)[number];

/** Row → its value. A key without a row was not given: a value may be JSON's null (no closing over the new year). */
export type Rows = Map<string, unknown>;

export interface Author {
  /** Null for a command, and for an upgrade. */
  by: Pick<Staff, "id"> | null;
  how: (typeof changeKinds)[number];
  now: Date;
}

export const isSettingKey = (key: string): key is SettingKey => Object.hasOwn(SettingValues.shape, key);
export const isSame = (a: unknown, b: unknown): boolean => isDeepStrictEqual(a, b);

/**
 * What may be stored under a key, trimmed; undefined where it is no value, such as an empty text. Lists may be empty on
 * purpose, but for those who get the notices. Throws InvalidValue where the rule of the key refuses it.
 */
export function checkValue(key: SettingKey, value: unknown): unknown {
  const parsed = SettingValues.shape[key].safeParse(value);
  if (!parsed.success) throw new InvalidValue(settingWords[key].refused);
  if (key === "hours" && isAlwaysClosed(parsed.data as Hours)) throw new InvalidValue(settingsWords.alwaysClosed);
  const isNothing = parsed.data === "" || (key === "notify" && isSame(parsed.data, []));
  return isNothing ? undefined : parsed.data;
}

/** A value that a key may not have. The message says how it has to look. */
export class InvalidValue extends Error {
  override name = "InvalidValue";
}

/** JSON's null and SQL's are one to the driver: read as text, they are not. */
export const fromJsonText = (text: string | null): unknown => (text === null ? undefined : JSON.parse(text));
const toJson = (value: unknown) => (value === undefined ? null : sql`${JSON.stringify(value)}::jsonb`);

/** The rows as they are. */
export async function readRows(tx: Pick<Transaction, "select">): Promise<Rows> {
  const rows = await tx
    .select({ key: settingsValues.key, text: sql<string>`${settingsValues.value}::text` })
    .from(settingsValues);
  return new Map(rows.map(({ key, text }) => [key, fromJsonText(text)]));
}

/**
 * Runs `change` in one transaction in which nobody else changes settings, with the rows as they are. Afterwards they are
 * in force in this process; the others hear of it from the database.
 */
export async function changeSettings<T>(change: (tx: Transaction, rows: Rows) => Promise<T>): Promise<T> {
  const result = await transaction(async (tx) => {
    await lockSettings(tx);
    return change(tx, await readRows(tx));
  });
  await loadSettings().catch((error: unknown) => log("settings.not_read", traceOf(error)));
  return result;
}

/** Held until the transaction ends, so that numbers of changes rise in the order in which they are committed. */
export async function lockSettings(tx: Pick<Transaction, "execute">): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('settings', 0))`);
}

/**
 * Writes one set of changes under the lock; undefined takes a value away. What is so already is left out. Returns the
 * set's id and its keys; no key, no set.
 */
export async function writeRows(
  tx: Transaction,
  rows: Rows,
  next: ReadonlyMap<RowKey, unknown>,
  { by, how, now }: Author,
): Promise<{ setId: string; keys: RowKey[] }> {
  const setId = newId();
  const keys: RowKey[] = [];
  for (const [key, after] of next) {
    const before = rows.get(key);
    if (isSame(before, after)) continue;
    const change = { setId, key, changedBy: by?.id ?? null, changedAt: now, how };
    const [row] = await tx
      .insert(settingsChanges)
      .values({ ...change, before: toJson(before), after: toJson(after) })
      .returning({ id: settingsChanges.id });
    if (after === undefined) await tx.delete(settingsValues).where(eq(settingsValues.key, key));
    else {
      const value = toJson(after) ?? sql`'null'::jsonb`;
      await tx
        .insert(settingsValues)
        .values({ key, value, changeId: row?.id ?? 0 })
        .onConflictDoUpdate({ target: settingsValues.key, set: { value, changeId: row?.id ?? 0 } });
    }
    keys.push(key);
  }
  return { setId, keys };
}
