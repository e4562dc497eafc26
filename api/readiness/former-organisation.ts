/** The constants by which the release before the settings named the organisation (`db/terms/organisation.ts`), as settings. */

import { z } from "zod";
import { isSame } from "#api/settings/changes.ts";
import { prefectures } from "#db/municipalities/places.ts";
import { neutralValues, type SettingKey, type SettingValues, weekdays } from "#db/settings/keys.ts";
import { sampleValues } from "#db/settings/settings.ts";
import { isSampleValue } from "./states.ts";

const text = z.string().optional().catch(undefined);
const number = z.number().optional().catch(undefined);
const FormerOrganisation = z.object({
  ...{ name: text, fullName: text, purpose: text, area: text, address: text, phone: text },
  ...{ replyBusinessDays: number, keepYears: number, keepRequestYears: number, keepBackupDays: number },
  hours: z.object({ opens: z.string(), closes: z.string() }).optional().catch(undefined),
  channels: z
    .array(z.object({ label: z.string(), href: z.string() }))
    .optional()
    .catch(undefined),
  yearEndClosing: z.object({ from: z.string(), to: z.string() }).optional().catch(undefined),
});

/** What the file had, where it differs from the sample's and from what is proposed anyway. */
export function formerValues(organisation: unknown): Partial<Record<SettingKey, unknown>> {
  const parsed = FormerOrganisation.safeParse(organisation);
  if (!parsed.success) return {};
  const { name, fullName, purpose, area, address, phone, hours, channels, yearEndClosing, ...numbers } = parsed.data;
  const values: Partial<Record<SettingKey, unknown>> = {
    ...{ "name.ja": name, "name.easy": name, "legal_name.ja": fullName, "purpose.ja": purpose },
    prefecture: prefectures().find(({ name }) => name === area)?.code,
    ...{ "address.ja": address, phone, channels, year_end: yearEndClosing },
    hours: hours && hoursOf(hours),
    ...{ reply_days: numbers.replyBusinessDays, keep_years: numbers.keepYears },
    ...{ keep_request_years: numbers.keepRequestYears, keep_backup_days: numbers.keepBackupDays },
  };
  const entries = Object.entries(values) as [SettingKey, unknown][];
  return Object.fromEntries(entries.filter(([key, value]) => value !== undefined && isOwn(key, value)));
}

const hoursOf = ({ opens, closes }: { opens: string; closes: string }): SettingValues["hours"] => {
  const days = weekdays.map((day) => [day, neutralValues.hours[day] === null ? null : { opens, closes }]);
  return Object.fromEntries(days) as SettingValues["hours"];
};

const isOwn = (key: SettingKey, value: unknown): boolean =>
  !isSampleValue(key, value) && !isSame(value, sampleValues[key]) && !isSame(value, neutralValues[key]);
