/** The settings without which families must not come. */

import type { SettingKey } from "./keys.ts";

/** `mail_from.address` and `notify` may also be the environment's. */
export const requiredKeys: readonly SettingKey[] = [
  ...(["name.ja", "name.easy", "name.en", "name.reading", "purpose.ja", "prefecture", "address.ja", "phone"] as const),
  ...(["hours", "reply_days", "notify", "mail_from.address"] as const),
];
