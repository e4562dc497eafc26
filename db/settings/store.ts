/**
 * Reads the settings from the database into this process, again whenever they change (NOTIFY) and whenever the
 * connection was lost, in which a change may have been missed. The last good copy lies in DATA_DIR, for a start without
 * a database.
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { db, listen } from "#db/client.ts";
import { env } from "#db/env.ts";
import { replaceFile } from "#db/files/replace-file.ts";
import { log, traceOf } from "#db/log.ts";
import { settingsValues } from "#db/schema/settings.ts";
import { textOverrides } from "#db/schema/texts.ts";
import { SettingValues, type Stage, stages } from "./keys.ts";
import {
  type GivenValues,
  replacedTextKey,
  type ReplacedTexts,
  replaceSettings,
  type Settings,
  settings,
  settingsFrom,
} from "./settings.ts";

const channel = "settings_changed";
const copyPath = join(env.DATA_DIR, "settings.json");

/** Rows as the table has them; what this release does not know, or what a later one wrote otherwise, is left out. */
export function givenFrom(rows: readonly { key: string; value: unknown }[]): { given: GivenValues; stage: Stage } {
  const given: Record<string, unknown> = {};
  let stage: Stage = "sample";
  for (const { key, value } of rows) {
    if (key === "stage") stage = stages.find((name) => name === value) ?? "sample";
    const shape = Object.hasOwn(SettingValues.shape, key) ? SettingValues.shape[key as keyof GivenValues] : undefined;
    const parsed = shape?.safeParse(value);
    if (parsed?.success) given[key] = parsed.data;
  }
  return { given: given as GivenValues, stage };
}

/** Puts the settings of the database in force in this process. Returns them. */
export async function loadSettings(): Promise<Settings> {
  // An older answer may arrive after a newer one; a value that was taken back leaves no row, so the history counts. Read
  // before the rows: what is committed in between makes the next number differ, and pages are rendered anew.
  const [last] = await db.execute<{ number: number }>(
    sql`select ((select coalesce(max(id), 0) from settings_changes) + (select coalesce(max(id), 0) from text_changes))::int as number`,
  );
  // Read as text: the driver would parse the text "10" a second time and make a number of it.
  const rows = await db
    .select({ key: settingsValues.key, value: sql<string>`${settingsValues.value}::text` })
    .from(settingsValues);
  const replaced = await db.select().from(textOverrides);
  const { given, stage } = givenFrom(rows.map(({ key, value }) => ({ key, value: JSON.parse(value) as unknown })));
  const texts = replaced.map(({ section, locale, body }) => [replacedTextKey(section, locale), body]);
  const next = settingsFrom(given, stage, last?.number ?? 0, Object.fromEntries(texts) as ReplacedTexts);
  if (next.number < settings().number) return settings();
  replaceSettings(next);
  await saveCopy(next).catch((error: unknown) => log("settings.not_saved", traceOf(error)));
  return next;
}

/**
 * Loads the settings and follows their changes until the returned function is called. The callback runs after each
 * change is in force.
 */
export async function followSettings(onChange: () => void = () => {}): Promise<() => Promise<void>> {
  // Not compared with what is in force: a save in this process loads its own change before its NOTIFY arrives.
  let { number } = await loadSettings();
  const follow = async () => {
    const next = await loadSettings();
    if (next.number === number) return;
    ({ number } = next);
    onChange();
  };
  const reload = () => void follow().catch((error: unknown) => log("settings.not_read", traceOf(error)));
  return listen(channel, reload, reload);
}

async function saveCopy({ given, stage, number, texts }: Settings): Promise<void> {
  await replaceFile(copyPath, JSON.stringify({ number, stage, given, texts }));
}

/** Puts the last good copy in force, if there is one, until the database is open. */
export async function readSettingsCopy(): Promise<void> {
  try {
    const copy = JSON.parse(await readFile(copyPath, "utf8")) as Pick<Settings, "number" | "stage" | "given"> & {
      /** Absent in a copy of a release before replaced texts. */
      texts?: ReplacedTexts;
    };
    const rows = [...Object.entries(copy.given), ["stage", copy.stage]].map(([key, value]) => ({ key, value }));
    const { given, stage } = givenFrom(rows as { key: string; value: unknown }[]);
    replaceSettings(settingsFrom(given, stage, copy.number, copy.texts));
  } catch {
    // None yet, or cut short by a crash: the database has them.
  }
}
