/** The list of the settings with their states, and what the switch to real still waits for. */

import { eq, sql } from "drizzle-orm";
import { readRows } from "#api/settings/changes.ts";
import { answers, firstRunPages, type SectionName, sections } from "#api/settings/sections.ts";
import { allow, type Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { settingsChanges } from "#db/schema/settings.ts";
import { settingKeys, type SettingKey, type Stage } from "#db/settings/keys.ts";
import { type Missing, missingForReal } from "./missing.ts";
import { answered, type ItemState, nextFirstRunPage, stateOfKey, stateOfSection } from "./states.ts";

export interface Readiness {
  stage: Stage;
  /** Of the nine answers. */
  answered: number;
  /** Page of the first answer that is missing. */
  nextPage: string | undefined;
  sections: Readonly<Record<SectionName, ItemState>>;
  missing: readonly Missing[];
  /** Set at the upgrade of an installation that families used before, while anything of it is not given. */
  isUpgraded: boolean;
  /** Keys whose value is still the sample's. */
  sampleKeys: readonly SettingKey[];
}

/** How far this installation is. For managers. */
export async function readReadiness(staff: Staff): Promise<Readiness> {
  allow(staff, "manager");
  const rows = await readRows(db);
  const stage = (rows.get("stage") ?? "sample") as Stage;
  const missing = await missingForReal(db);
  const names = Object.keys(sections) as SectionName[];
  const states = names.map((name) => [name, stateOfSection(rows, stage, name)]);
  return {
    stage,
    answered: answered(rows),
    nextPage: nextFirstRunPage(rows),
    sections: Object.fromEntries(states) as Record<SectionName, ItemState>,
    missing,
    isUpgraded: (await wasUpgraded()) && missing.some(({ code }) => /^(?:missing|sample)\./u.test(code)),
    sampleKeys: settingKeys.filter((key) => stateOfKey(rows, stage, key) === "sample"),
  };
}

/** Whether a start of this release found an installation that families used already. */
export async function wasUpgraded(): Promise<boolean> {
  const [row] = await db
    .select({ id: settingsChanges.id })
    .from(settingsChanges)
    .where(
      sql`${eq(settingsChanges.key, "stage")} and ${eq(settingsChanges.how, "upgrade")} and ${settingsChanges.after} = '"real"'`,
    )
    .limit(1);
  return row !== undefined;
}

/** Whether families may come. */
export const isReal = async (): Promise<boolean> => (await readRows(db)).get("stage") === "real";

/** For the card on きょう: how many of the nine answers are missing, and the page to go on at. Undefined for others than managers, and when none is. */
export async function openFirstRun(staff: Pick<Staff, "role">): Promise<{ left: number; page: string } | undefined> {
  if (staff.role !== "manager") return undefined;
  const rows = await readRows(db);
  const page = nextFirstRunPage(rows);
  return page === undefined ? undefined : { left: answers.length - answered(rows), page };
}

/** Where the first manager is led once: the first page, while nobody has answered anything but what the environment says. */
export async function firstPageFor(staff: Pick<Staff, "role">): Promise<string | undefined> {
  if (staff.role !== "manager") return undefined;
  const rows = await readRows(db);
  return answers.some((key) => key !== "notify" && rows.has(key)) ? undefined : firstRunPages.who;
}
