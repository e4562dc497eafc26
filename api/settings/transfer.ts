/**
 * The settings as one file, with the texts that replace sections of pages: what was given, and nothing of what was
 * proposed. The sample's is such a file as well.
 */

import { storedLogo, storeLogo } from "#api/uploads/store-logo.ts";
import { checkTextsInFile, exportTexts, importTexts } from "#api/words/transfer.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { Invalid } from "#db/errors.ts";
import { type SettingKey, settingKeys, type SettingValues } from "#db/settings/keys.ts";
import { settingsWords, settingWords } from "#db/words/staff/settings.ts";
import { changeSettings, checkValue, InvalidValue, isSettingKey, readRows, type RowKey, writeRows } from "./changes.ts";

/** What was given, in the order of the keys. Neither the stage nor what somebody confirmed goes along. */
export async function givenSettings(): Promise<Partial<SettingValues>> {
  const rows = await readRows(db);
  return Object.fromEntries(settingKeys.flatMap((key) => (rows.has(key) ? [[key, rows.get(key)]] : [])));
}

/** In the file, the logo itself stands in place of its id, which means nothing elsewhere: PNG in base64. */
const logoKey = "logo.png";

/** The replaced texts stand under a key of their own. */
const textsKey = "texts";

/** The file that `importSettings` takes: JSON, one key a line, so that two files can be compared. */
export async function exportSettings(): Promise<string> {
  const { logo = "", ...given } = await givenSettings();
  const content = await storedLogo(logo);
  const texts = await exportTexts();
  const file = {
    ...given,
    ...(content && { [logoKey]: content.toString("base64") }),
    ...(Object.keys(texts).length > 0 && { [textsKey]: texts }),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** The same for a manager. */
export async function exportSettingsFor(staff: Staff): Promise<string> {
  allow(staff, "manager");
  return exportSettings();
}

/**
 * Gives every value of the file, as one set of changes, and its texts; what the file does not name stays. Returns the keys that
 * changed. Throws Invalid, by key, for an unknown key and for a value that may not be, and at `file` for what is no such
 * file: then nothing is taken. `staff` is null for a command.
 */
export async function importSettings(staff: Staff | null, text: string, now = new Date()): Promise<RowKey[]> {
  if (staff) allow(staff, "manager");
  const { [logoKey]: logo, [textsKey]: texts = {}, ...file } = parseJson(text);
  const next = new Map<RowKey, unknown>(valuesOf(file));
  const checkedTexts = checkTextsInFile(texts);
  if (logo !== undefined) {
    const content = Buffer.from(typeof logo === "string" ? logo : "", "base64");
    next.set("logo", await storeLogo(content, staff, now));
  }
  return changeSettings(async (tx, rows) => {
    const { setId, keys } = await writeRows(tx, rows, next, { by: staff, how: "import", now });
    await importTexts(tx, staff, checkedTexts, now);
    if (keys.length > 0) await audit(tx, staff, "import", "settings", setId, { keys: keys.join() });
    return keys;
  });
}

function valuesOf(file: object): [SettingKey, unknown][] {
  const errors = Object.create(null) as Record<string, string>;
  const values = Object.entries(file).flatMap(([key, value]): [SettingKey, unknown][] => {
    if (!isSettingKey(key) || key === "logo") {
      errors[key] = settingsWords.noSuchKey(key);
      return [];
    }
    try {
      return [[key, checkValue(key, value ?? missing(key))]];
    } catch (error) {
      if (!(error instanceof InvalidValue)) throw error;
      errors[key] = `${settingWords[key].label}: ${error.message}`;
      return [];
    }
  });
  if (Object.keys(errors).length > 0) throw new Invalid({ ...errors });
  return values;
}

/** A rule would put its neutral value in place of an absent one; null is a value of `year_end` alone. */
const missing = (key: SettingKey) => (key === "year_end" ? null : Symbol("missing"));

function parseJson(text: string): Record<string, unknown> {
  try {
    const file: unknown = JSON.parse(text.replace(/^\uFEFF/u, ""));
    if (file !== null && typeof file === "object" && !Array.isArray(file)) return file as Record<string, unknown>;
  } catch {
    // not JSON: refused below
  }
  throw new Invalid({ file: settingsWords.notOurFile });
}
