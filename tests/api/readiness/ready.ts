/** An organisation that has given all that is asked for before families may come. */

import { openCase } from "#api/cases/case.ts";
import { confirm } from "#api/readiness/make-real.ts";
import { saveSettings } from "#api/settings/save.ts";
import { neutralValues, type SettingKey, type SettingValues } from "#db/settings/keys.ts";
import { type Member, receive } from "../requests.ts";

export const ownValues: Partial<SettingValues> = {
  ...{ "name.ja": "かぜのいえ", "name.easy": "かぜのいえ", "name.en": "Kaze no Ie", "name.reading": "かぜのいえ" },
  ...{ "purpose.ja": "家族の家", prefecture: "34", "address.ja": "広島県", phone: "none", hours: neutralValues.hours },
  ...{ reply_days: 3, notify: ["desk@kaze.jp"], "mail_from.address": "soudan@kaze.jp" },
};

/** All that is asked for, but for what `leave` names. */
export async function ready(
  manager: Member,
  leave: readonly (SettingKey | "key" | "manager" | "test")[] = [],
): Promise<void> {
  const values = Object.fromEntries(Object.entries(ownValues).filter(([key]) => !leave.includes(key as SettingKey)));
  await saveSettings(manager, values, {});
  if (!leave.includes("key")) await confirm(manager, "confirmed.vault_key");
  if (!leave.includes("manager")) await confirm(manager, "confirmed.one_manager");
  if (leave.includes("test")) return;
  const { caseId } = await receive();
  await openCase(manager, caseId);
}
