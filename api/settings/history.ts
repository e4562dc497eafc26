/** Who changed which setting when, and how. */

import { and, desc, eq, inArray, sql } from "drizzle-orm";
import { allow, type Staff } from "#db/actor.ts";
import { db, type Executor } from "#db/client.ts";
import { settingsChanges } from "#db/schema/settings.ts";
import { staff as people } from "#db/schema/staff.ts";
import { fromJsonText } from "./changes.ts";

/** One change of one key. */
export interface SettingChange {
  id: number;
  setId: string;
  key: string;
  /** Undefined where nothing was given. */
  before: unknown;
  after: unknown;
  /** Name of the person; null for a command and for an upgrade. */
  by: string | null;
  at: Date;
  how: (typeof settingsChanges.$inferSelect)["how"];
}

/** Changes that fit, the newest first. */
async function readChanges(tx: Executor, where: ReturnType<typeof and>, limit: number): Promise<SettingChange[]> {
  const rows = await tx
    .select({
      id: settingsChanges.id,
      setId: settingsChanges.setId,
      key: settingsChanges.key,
      before: sql<string | null>`${settingsChanges.before}::text`,
      after: sql<string | null>`${settingsChanges.after}::text`,
      by: people.name,
      at: settingsChanges.changedAt,
      how: settingsChanges.how,
    })
    .from(settingsChanges)
    .leftJoin(people, eq(people.id, settingsChanges.changedBy))
    .where(where)
    .orderBy(desc(settingsChanges.id))
    .limit(limit);
  return rows.map((row) => ({ ...row, before: fromJsonText(row.before), after: fromJsonText(row.after) }));
}

/** The last change of a key. */
export async function lastChangeOf(tx: Executor, key: string): Promise<SettingChange | undefined> {
  const [last] = await readChanges(tx, eq(settingsChanges.key, key), 1);
  return last;
}

/** The last change of each of these keys that was ever changed. */
export async function lastChangesOf(tx: Executor, keys: readonly string[]): Promise<Map<string, SettingChange>> {
  const newest = sql`${settingsChanges.id} in (select max(id) from settings_changes group by key)`;
  const rows = await readChanges(tx, and(inArray(settingsChanges.key, [...keys]), newest), keys.length);
  return new Map(rows.map((row) => [row.key, row]));
}

/** The change of this number, if there is one. */
export const changeOf = (tx: Executor, id: number): Promise<SettingChange[]> =>
  readChanges(tx, eq(settingsChanges.id, id), 1);

/** The changes of one set. */
export const changesOfSet = (tx: Executor, setId: string): Promise<SettingChange[]> =>
  readChanges(tx, eq(settingsChanges.setId, setId), 1000);

/** The history, the newest first: of these keys, or of all. For managers. */
export async function settingsHistory(staff: Staff, keys?: readonly string[], limit = 200): Promise<SettingChange[]> {
  allow(staff, "manager");
  return readChanges(db, keys === undefined ? undefined : inArray(settingsChanges.key, [...keys]), limit);
}
