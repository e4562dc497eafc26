/** Saving settings that a form showed. */

import { allow, audit, type Staff } from "#db/actor.ts";
import { formatDateTime } from "#db/calendar/days.ts";
import type { Transaction } from "#db/client.ts";
import { Invalid, Refused } from "#db/errors.ts";
import { variableOf } from "#db/settings/environment.ts";
import { neutralValues, type SettingKey, type SettingValues } from "#db/settings/keys.ts";
import { settingsWords, settingWords } from "#db/words/staff/settings.ts";
import { changeSettings, checkValue, InvalidValue, isSame, type RowKey, type Rows, writeRows } from "./changes.ts";
import { lastChangeOf } from "./history.ts";

/** Values by key; undefined is one that was not given. */
export type ShownValues = { readonly [Key in SettingKey]?: SettingValues[Key] | undefined };

/**
 * Saves what differs from what the form showed, as one set of changes. `shown` has what was given when the form was
 * opened, for each key of `values`; a value left as it was proposed, where nothing was given, is thereby given. An
 * empty text takes the value away. Returns the keys that were written. Throws Invalid, by key, for a value that
 * may not be and for a key that the environment decides; Refused, with who and when, where somebody else changed the same
 * key to something else meanwhile. Then nothing is written.
 */
export async function saveSettings(
  staff: Staff,
  values: Partial<SettingValues>,
  shown: ShownValues,
  { how = "edit", now = new Date() }: { how?: "edit" | "first_run"; now?: Date } = {},
): Promise<RowKey[]> {
  allow(staff, "manager");
  const checked = checkValues(values);
  return changeSettings(async (tx, rows) => {
    const next = new Map<RowKey, unknown>();
    const conflicts: SettingKey[] = [];
    for (const [key, value] of checked) {
      const outcome = compare(rows, key, value, shown[key]);
      if (outcome === "write") next.set(key, value);
      if (outcome === "conflict") conflicts.push(key);
    }
    if (conflicts.length > 0) throw new Refused(await conflictSentence(tx, conflicts));
    const { setId, keys } = await writeRows(tx, rows, next, { by: staff, how, now });
    if (keys.length > 0) await audit(tx, staff, "save", "settings", setId, { keys: keys.join(), how });
    return keys;
  });
}

/** Throws Invalid with a sentence for each key whose value may not be. */
function checkValues(values: Partial<SettingValues>): Map<SettingKey, unknown> {
  const errors: Record<string, string> = {};
  const checked = new Map<SettingKey, unknown>();
  for (const [key, value] of Object.entries(values) as [SettingKey, unknown][]) {
    const variable = variableOf(key);
    if (variable !== undefined) errors[key] = settingsWords.byVariable(variable);
    else
      try {
        checked.set(key, checkValue(key, value));
      } catch (error) {
        if (!(error instanceof InvalidValue)) throw error;
        errors[key] = error.message;
      }
  }
  if (Object.keys(errors).length > 0) throw new Invalid(errors);
  return checked;
}

/** What to do with one key: `typed` is undefined where it was left empty, `shown` is what was given when the form was opened. */
function compare(rows: Rows, key: SettingKey, typed: unknown, shown: unknown): "write" | "nothing" | "conflict" {
  const current = rows.get(key);
  if (isSame(typed, current)) return "nothing";
  const isUntouched = isSame(typed, shown === undefined ? checkValue(key, neutralValues[key]) : shown);
  // Left as proposed: it is an answer where there is none yet, and never takes back what somebody else has given.
  if (isUntouched) return shown === undefined && current === undefined ? "write" : "nothing";
  return isSame(current, shown) ? "write" : "conflict";
}

async function conflictSentence(tx: Transaction, keys: readonly SettingKey[]): Promise<string> {
  const byAuthor = new Map<string, string[]>();
  for (const key of keys) {
    const last = await lastChangeOf(tx, key);
    const who = last?.by ? settingsWords.person(last.by) : settingsWords.nobody;
    const author = JSON.stringify([who, formatDateTime(last?.at ?? new Date())]);
    byAuthor.set(author, [...(byAuthor.get(author) ?? []), settingWords[key].label]);
  }
  return [...byAuthor]
    .map(([author, labels]) => {
      const [who, when] = JSON.parse(author) as [string, string];
      return settingsWords.conflict(who, when, labels.join("」「"));
    })
    .join("");
}
