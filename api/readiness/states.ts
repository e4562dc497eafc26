/** How far the settings are, derived from what is given; nothing of it is stored. */

import { isSame, type Rows } from "#api/settings/changes.ts";
import { answers, firstRun, firstRunPages, firstRunSteps, type SectionName, sections } from "#api/settings/sections.ts";
import { environmentValues } from "#db/settings/environment.ts";
import type { SettingKey, Stage } from "#db/settings/keys.ts";
import { requiredKeys } from "#db/settings/required.ts";
import { sampleValues } from "#db/settings/settings.ts";

/** `todo`: still to be given. `sample`: the sample's value is given or shown. `optional`: may stay empty. */
export type ItemState = "todo" | "sample" | "done" | "optional";

/** A real organisation may have the same prefecture and read it the same way. */
const mayEqualSample: readonly SettingKey[] = ["prefecture", "readings"];

/** Texts without what only their width or blanks make different. The database keeps no order of an object's keys. */
function normalised(value: unknown): unknown {
  if (typeof value === "string") return value.normalize("NFKC").trim();
  if (Array.isArray(value)) return value.map(normalised);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, normalised(one)]));
}

/** Whether a value of this key is the sample's, whatever width its characters have. */
export const isSampleValue = (key: SettingKey, value: unknown): boolean =>
  sampleValues[key] !== undefined &&
  !mayEqualSample.includes(key) &&
  isSame(normalised(value), normalised(sampleValues[key]));

/** What is given of a key, the environment's first; undefined where nothing is. */
export const givenValue = (rows: Rows, key: SettingKey): unknown => environmentValues[key] ?? rows.get(key);

export function stateOfKey(rows: Rows, stage: Stage, key: SettingKey): ItemState {
  const value = givenValue(rows, key);
  if (value !== undefined) return isSampleValue(key, value) ? "sample" : "done";
  if (stage === "sample" && sampleValues[key] !== undefined) return "sample";
  return requiredKeys.includes(key) ? "todo" : "optional";
}

/** Of several keys together: the state that asks for most. */
export function stateOfSection(rows: Rows, stage: Stage, name: SectionName): ItemState {
  const states = sections[name].map((key) => stateOfKey(rows, stage, key));
  return (["sample", "todo", "done", "optional"] as const).find((state) => states.includes(state)) ?? "optional";
}

/** How many of the nine answers are given. */
export const answered = (rows: Rows): number => answers.filter((key) => givenValue(rows, key) !== undefined).length;

/** The page of the first run with the first answer that is missing; undefined when none is. */
export function nextFirstRunPage(rows: Rows): string | undefined {
  const asked: readonly SettingKey[] = answers;
  const step = firstRunSteps.find((name) =>
    firstRun[name].some((key) => asked.includes(key) && givenValue(rows, key) === undefined),
  );
  return step && firstRunPages[step];
}
