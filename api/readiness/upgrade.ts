/**
 * What a start does once with the settings of an installation that is older than they are: it notes whether families use
 * it already, takes over what somebody wrote into the former source file, and copies what the environment decides.
 */

import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { eq, sql } from "drizzle-orm";
import { changeSettings, checkValue, InvalidValue, type RowKey, type Rows, writeRows } from "#api/settings/changes.ts";
import type { Transaction } from "#db/client.ts";
import { db } from "#db/client.ts";
import { log, traceOf } from "#db/log.ts";
import { settingsChanges } from "#db/schema/settings.ts";
import { environmentValues } from "#db/settings/environment.ts";
import type { SettingKey, Stage } from "#db/settings/keys.ts";
import { formerValues } from "./former-organisation.ts";
import { sampleLeads, sampleStaff } from "./sample-marks.ts";

/** Where the release before the settings had the organisation; only there if somebody kept their own. */
const formerFile = fileURLToPath(new URL("../../db/terms/organisation.ts", import.meta.url));

/**
 * Brings the settings up to this release, under their lock: of two processes that start together the second finds it
 * done. The stage is written once: `real` where staff and leads are there that are not the sample's, so that nothing of a
 * running service becomes a sample, else `sample`. MAIL_FROM and STAFF_NOTIFY are copied once where nothing is given,
 * so that the variable may be removed later.
 */
export async function upgradeSettings({ former = formerFile, now = new Date() } = {}): Promise<void> {
  const { stage, copied } = await alreadyDone();
  const keys = (Object.keys(environmentValues) as SettingKey[]).filter((key) => !copied.has(key));
  if (stage && keys.length === 0) return;
  const taken = stage ? {} : await readFormer(former);
  await changeSettings(async (tx, rows) => {
    const next = new Map<RowKey, unknown>();
    if (!rows.has("stage")) {
      const inUse = await isInUse(tx);
      next.set("stage", (inUse ? "real" : "sample") satisfies Stage);
      for (const [key, value] of Object.entries(taken)) propose(next, rows, key as SettingKey, value);
    }
    for (const key of keys) propose(next, rows, key, environmentValues[key]);
    await writeRows(tx, rows, next, { by: null, how: "upgrade", now });
  });
}

/** Whether the stage is written, and the keys that a start has copied before: also if somebody has taken them back. */
async function alreadyDone(): Promise<{ stage: boolean; copied: ReadonlySet<string> }> {
  const rows = await db
    .selectDistinct({ key: settingsChanges.key })
    .from(settingsChanges)
    .where(sql`${eq(settingsChanges.how, "upgrade")} or ${eq(settingsChanges.key, "stage")}`);
  const keys = new Set(rows.map(({ key }) => key));
  return { stage: keys.has("stage"), copied: keys };
}

/** Gives a value where none is; one that the key's rule refuses is left out. */
function propose(next: Map<RowKey, unknown>, rows: Rows, key: SettingKey, value: unknown): void {
  if (rows.has(key) || next.has(key)) return;
  try {
    const checked = checkValue(key, value);
    if (checked !== undefined) next.set(key, checked);
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    log("settings.not_taken_over", { key });
  }
}

async function isInUse(tx: Transaction): Promise<boolean> {
  const [row] = await tx.execute<{ used: boolean }>(sql`select
    exists (select from staff where id not in ${sampleStaff})
    and exists (select from leads where id not in ${sampleLeads}) as used`);
  return row?.used ?? false;
}

/** A file that cannot be read stops no start: its values can still be typed. */
async function readFormer(path: string): Promise<Partial<Record<SettingKey, unknown>>> {
  if (!existsSync(path)) return {};
  try {
    const module = (await import(pathToFileURL(path).href)) as { organisation?: unknown };
    return formerValues(module.organisation);
  } catch (error) {
    log("settings.former_not_read", traceOf(error));
    return {};
  }
}
