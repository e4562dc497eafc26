/** What the privacy page promises about erasing, in every language. */

import { expect, test } from "vitest";
import { organisation } from "#db/terms/organisation.ts";
import { privacy } from "#db/words/privacy.ts";

test.each([
  ["ja", "作業記録", "元に戻せない印"],
  ["easy", "作業の記録", "しるし"],
  ["en", "log files", "fingerprint"],
] as const)(
  "%s names how long backups and logs keep what was erased, and what stays of a barred address",
  (locale, log, mark) => {
    const text = JSON.stringify(privacy[locale]);
    for (const said of [log, mark, String(organisation.keepBackupDays)]) expect(text).toContain(said);
  },
);
