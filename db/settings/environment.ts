/** Settings that the environment decides: a variable that is set wins, and the field is read-only and names it. */

import { env } from "#db/env.ts";
import type { SettingKey, SettingValues } from "./keys.ts";

/** The name and the address of a mailbox: "Name <address>" or the address alone. */
function parseMailbox(mailbox: string): { name: string; address: string } {
  const [, name = "", address = mailbox] = /^([^<]*)<([^>]+)>$/u.exec(mailbox) ?? [];
  return { name: name.trim(), address: address.trim() };
}

const sender = env.MAIL_FROM === undefined ? undefined : parseMailbox(env.MAIL_FROM);

/** What the environment decides. */
export const environmentValues: Partial<SettingValues> = {
  ...(sender && { "mail_from.name": sender.name, "mail_from.address": sender.address }),
  ...(env.STAFF_NOTIFY && { notify: env.STAFF_NOTIFY }),
  // 0 switches backups off, and says nothing of copies that are made otherwise.
  ...(env.BACKUP_DAYS !== undefined && env.BACKUP_DAYS > 0 && { keep_backup_days: env.BACKUP_DAYS }),
};

const variables: Partial<Record<SettingKey, string>> = {
  "mail_from.name": "MAIL_FROM",
  "mail_from.address": "MAIL_FROM",
  notify: "STAFF_NOTIFY",
  keep_backup_days: "BACKUP_DAYS",
};

/** The variable that decides this setting, if one does. */
export const variableOf = (key: SettingKey): string | undefined =>
  key in environmentValues ? variables[key] : undefined;
