/** Taking changes back: always by a new change, never by deleting the old one. */

import { allow, audit, type Staff } from "#db/actor.ts";
import { db, type Executor } from "#db/client.ts";
import { Invalid, NotFound, Refused } from "#db/errors.ts";
import { isId } from "#db/random/ids.ts";
import { variableOf } from "#db/settings/environment.ts";
import type { SettingKey } from "#db/settings/keys.ts";
import { settingsWords, settingWords } from "#db/words/staff/settings.ts";
import {
  changeSettings,
  checkValue,
  InvalidValue,
  isSame,
  isSettingKey,
  type RowKey,
  readRows,
  writeRows,
} from "./changes.ts";
import { changeOf, changesOfSet, lastChangesOf, type SettingChange } from "./history.ts";

/** What taking back would do to one key. */
export interface TakenBack {
  key: SettingKey;
  /** The value now; undefined where none is given. */
  now: unknown;
  /** The value afterwards. */
  after: unknown;
  change: SettingChange;
  /** The last change of the key: a later one than `change` where somebody changed it again. */
  last: SettingChange;
}

/** `id` is a set's, or the number of one change. Throws NotFound where there is none, Refused for what is no setting. */
async function planOf(tx: Executor, id: string): Promise<TakenBack[]> {
  const changes = isId(id) ? await changesOfSet(tx, id) : await changeOfNumber(tx, id);
  if (changes.length === 0) throw new NotFound("settings change");
  const settingsOnly = changes.filter(({ key }) => isSettingKey(key));
  if (settingsOnly.length === 0) throw new Refused(settingsWords.notTakenBack);
  const rows = await readRows(tx);
  const last = await lastChangesOf(
    tx,
    settingsOnly.map(({ key }) => key),
  );
  return settingsOnly.toReversed().map((change) => ({
    key: change.key as SettingKey,
    now: rows.get(change.key),
    after: change.before,
    change,
    last: last.get(change.key) ?? change,
  }));
}

const changeOfNumber = (tx: Executor, id: string) => (/^[1-9]\d{0,14}$/u.test(id) ? changeOf(tx, Number(id)) : []);

/** What taking back this set of changes, or this change, would do, key by key: to be shown before it is done. */
export async function planTakeBack(staff: Staff, id: string): Promise<TakenBack[]> {
  allow(staff, "manager");
  return planOf(db, id);
}

/**
 * Takes a set of changes back, or one change by its number, as a new set. `shown` has, by key, the id of the last change that the person has seen:
 * where somebody changed the key after the change to be taken back, both were shown. Throws Refused where the key
 * was changed again since, and where nothing would change; Invalid for a key that the environment decides and for a
 * former value that this release does not allow.
 */
export async function takeBack(
  staff: Staff,
  id: string,
  shown: Readonly<Record<string, number>>,
  now = new Date(),
): Promise<RowKey[]> {
  allow(staff, "manager");
  return changeSettings(async (tx, rows) => {
    const plan = await planOf(tx, id);
    for (const { key, change, last } of plan)
      if ((shown[key] ?? change.id) !== last.id) throw new Refused(settingsWords.changedMeanwhile);
    if (plan.every((one) => isSame(one.now, one.after))) throw new Refused(settingsWords.nothingToTakeBack);
    for (const { key, after } of plan) {
      const variable = variableOf(key);
      if (variable !== undefined) throw new Invalid({ form: settingsWords.byVariable(variable) });
      if (after !== undefined) checkFormer(key, after);
    }
    const next = new Map<RowKey, unknown>(plan.map(({ key, after }) => [key, after]));
    const written = await writeRows(tx, rows, next, { by: staff, how: "take_back", now });
    await audit(tx, staff, "take_back", "settings", written.setId, { keys: written.keys.join(), of: id });
    return written.keys;
  });
}

/** A value of a former release may be one that this one refuses. */
function checkFormer(key: SettingKey, value: unknown): void {
  try {
    checkValue(key, value);
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    throw new Invalid({ form: `${settingWords[key].label}: ${error.message}` });
  }
}
