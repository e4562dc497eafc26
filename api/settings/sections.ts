/** Which settings stand together on a page. */

import type { SettingKey } from "#db/settings/keys.ts";

/** Path of the list, above all pages of settings. */
export const base = "/staff/settings";

/** Pages below it. */
export const sections = {
  name: ["name.ja", "name.easy", "name.en", "name.reading", "purpose.ja", "purpose.easy", "purpose.en"],
  place: [
    ...["prefecture", "address.ja", "address.easy", "address.en", "phone"],
    ...["hours", "closed_on_holidays", "year_end", "closing_days"],
  ],
  area: ["municipalities"],
  promises: [
    ...["reply_days", "notify", "keep_years", "keep_request_years", "keep_backup_days"],
    ...["publish_threshold", "publish_numbers"],
  ],
  outline: [
    ...["legal_name.ja", "legal_name.en", "outline.founded", "outline.representative"],
    ...["outline.business", "outline.staff_count"],
  ],
  sender: ["mail_from.name", "mail_from.address", "allowed_domain"],
  channels: ["channels", "quick_exit"],
  colour: ["colour"],
  readings: ["readings"],
} as const satisfies Record<string, readonly SettingKey[]>;
export type SectionName = keyof typeof sections;

/** The nine answers of the first run, on three pages; what goes without saying stands beside them. */
export const firstRun = {
  who: ["name.ja", "name.reading", "purpose.ja"],
  place: ["prefecture", "address.ja", "phone", "hours", "closed_on_holidays", "year_end"],
  promise: ["reply_days", "notify"],
} as const satisfies Record<string, readonly SettingKey[]>;
export type FirstRunStep = keyof typeof firstRun;

/** Paths of the pages of the first run. */
export const firstRunPages: Readonly<Record<FirstRunStep, string>> = {
  who: `${base}/first-run`,
  place: `${base}/first-run/place`,
  promise: `${base}/first-run/promise`,
};
export const firstRunSteps: readonly FirstRunStep[] = ["who", "place", "promise"];

/** The keys of the nine answers. */
export const answers = [
  ...["name.ja", "name.reading", "purpose.ja", "prefecture", "address.ja", "phone", "hours"],
  ...["reply_days", "notify"],
] as const satisfies readonly SettingKey[];
