/** A site for which the switch 「これは本物です」 was pressed, with the sample's values as if a manager had given them. */

import type { Db } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import { settingsChanges, settingsValues } from "#db/schema/settings.ts";
import { replaceSettings, sampleValues, settingsFrom } from "#db/settings/settings.ts";

/** In this process alone. */
export const beReal = (): void => replaceSettings(settingsFrom(sampleValues, "real", 1));

/** The sample again. */
export const beSample = (): void => replaceSettings(settingsFrom({}, "sample", 0));

/** In a database, for every process on it. */
export async function makeReal(on: Pick<Db, "insert">): Promise<void> {
  const setId = newId();
  for (const [key, value] of Object.entries({ ...sampleValues, stage: "real" })) {
    const change = { setId, key, after: value, changedAt: new Date(), how: "made_real" as const };
    const [row] = await on.insert(settingsChanges).values(change).returning({ id: settingsChanges.id });
    const changed = { value, changeId: row?.id ?? 0 };
    // The first start has written a stage.
    await on
      .insert(settingsValues)
      .values({ key, ...changed })
      .onConflictDoUpdate({ target: settingsValues.key, set: changed });
  }
}
