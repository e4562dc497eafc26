/**
 * What a settings form shows: what is given, and over it what the person has typed and not sent. Three states meet key by
 * key: what the form had shown, what was typed, and what is given now. A field that was not touched shows what is
 * given now, so that an old draft takes nothing back.
 */

import { allow, type Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { variableOf } from "#db/settings/environment.ts";
import type { SettingKey } from "#db/settings/keys.ts";
import { sampleValues, settings } from "#db/settings/settings.ts";
import { isSame, readRows } from "./changes.ts";
import { type FieldTexts, textsOf, valueOf } from "./fields.ts";
import { isUntouched, readShown, shownField, textsFor } from "./forms.ts";
import { lastChangesOf } from "./history.ts";
import type { ShownValues } from "./save.ts";

export interface OpenField {
  key: SettingKey;
  /** By field name. */
  texts: FieldTexts;
  /** The environment's variable that decides it: then the field is read-only. */
  variable: string | undefined;
  /** The sample's value, shown as an example while nothing is given. */
  example: FieldTexts | undefined;
  /** Somebody else gave another value meanwhile: theirs, to be compared. */
  theirs: { by: string | null; at: Date; texts: FieldTexts } | undefined;
}

export interface OpenForm {
  fields: readonly OpenField[];
  /** The hidden field `shown`. */
  shown: string;
}

/**
 * The form with these keys. `sent` is a draft of it; `presets` are texts that are proposed where nothing is given, and
 * given once the form is saved.
 */
export async function openForm(
  staff: Staff,
  keys: readonly SettingKey[],
  { sent, presets = {} }: { sent?: Record<string, unknown> | undefined; presets?: ShownValues } = {},
): Promise<OpenForm> {
  allow(staff, "manager");
  const rows = await readRows(db);
  const last = await lastChangesOf(db, keys);
  const draftShown = sent === undefined ? undefined : readShown(sent["shown"]);
  const open = keys.filter((key) => variableOf(key) === undefined);
  const shown: Record<string, unknown> = {};
  const fields = keys.map((key): OpenField => {
    const given = rows.get(key);
    const variable = variableOf(key);
    const sample = sampleValues[key];
    const example = given === undefined && sample !== undefined ? textsOf(key, sample) : undefined;
    shown[key] = given;
    const shared = { key, variable, example, theirs: undefined };
    if (variable !== undefined) return { ...shared, texts: textsOf(key, settings().values[key]) };
    if (sent === undefined || draftShown === undefined || !Object.hasOwn(draftShown, key))
      return { ...shared, texts: textsOf(key, given ?? presets[key]) };
    const typed = textsFor(key, sent);
    if (isUntouched(key, typed, draftShown)) return { ...shared, texts: textsOf(key, given) };
    const change = last.get(key);
    const isTheirs = !isSame(given, draftShown[key]) && !isSame(given, valueOf(key, typed)) && change !== undefined;
    return {
      ...shared,
      texts: typed,
      theirs: isTheirs ? { by: change.by, at: change.at, texts: textsOf(key, given) } : undefined,
    };
  });
  return { fields, shown: shownField(open, shown as ShownValues) };
}
