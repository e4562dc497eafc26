/** What the privacy page promises about erasing, in every language. */

import { expect, test } from "vitest";
import { settings } from "#db/settings/settings.ts";
import { keepDraftDays } from "#db/terms/privacy.ts";
import { wordsIn } from "#db/words/words.ts";

test.each([
  ["ja", "作業記録", "元に戻せない印"],
  ["easy", "作業の記録", "しるし"],
  ["en", "log files", "fingerprint"],
] as const)(
  "%s names how long backups and logs keep what was erased, and what stays of a barred address",
  (locale, log, mark) => {
    const text = JSON.stringify(wordsIn(locale).privacy);
    for (const said of [log, mark, String(settings().keepBackupDays)]) expect(text).toContain(said);
  },
);

test.each([
  ["ja", "書きかけて"],
  ["easy", "書いている途中"],
  ["en", "has not sent"],
] as const)("%s says how long drafts of staff are kept", (locale, words) => {
  const facts = wordsIn(locale).privacy.sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => (typeof block === "object" && "facts" in block ? block.facts : [])),
  );
  const [, text] = facts.find(([term]) => term.includes(words)) ?? [];
  expect(text).toMatch(new RegExp(`(?<!\\d)${keepDraftDays}(?!\\d)`, "u"));
});
