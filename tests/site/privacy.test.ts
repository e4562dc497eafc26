/** What the privacy page promises about erasing, in every language. */

import { expect, test } from "vitest";
import { settings } from "#db/settings/settings.ts";
import { keepDraftDays, keepProofYears, keepUnconfirmedDays } from "#db/terms/privacy.ts";
import { pathIn } from "#db/words/words.ts";
import { words } from "./html.ts";
import { pages } from "./stored.ts";

test.each([
  ["ja", "作業記録", "元に戻せない印"],
  ["easy", "作業の記録", "しるし"],
  ["en", "log files", "fingerprint"],
] as const)(
  "%s names how long backups and logs keep what was erased, and what stays of a barred address",
  (locale, log, mark) => {
    const text = pages.get(pathIn(locale, "/privacy"));
    for (const said of [log, mark, String(settings().keepBackupDays)]) expect(text).toContain(said);
  },
);

test.each([
  ["ja", "書きかけて"],
  ["easy", "書いている途中"],
  ["en", "has not sent"],
] as const)("%s says how long drafts of staff are kept", (locale, start) => {
  const facts = words(pages.get(pathIn(locale, "/privacy")) ?? "");
  expect(facts).toMatch(new RegExp(`${start}.{0,60}(?<!\\d)${keepDraftDays}(?!\\d)`, "su"));
});

test.each([
  ["ja", "ボタンが押されなかった", "最後のメールから"],
  ["easy", "ボタンをおさなかった", "最後のメールから"],
  ["en", "do not press the button", "consent for"],
] as const)("%s says when a reader who never confirmed is forgotten, and one who left", (locale, unconfirmed, left) => {
  const facts = words(pages.get(pathIn(locale, "/privacy")) ?? "");
  expect(facts).toMatch(new RegExp(`${unconfirmed}.{0,60}(?<!\\d)${keepUnconfirmedDays}(?!\\d)`, "su"));
  expect(facts).toMatch(new RegExp(`${left}.{0,10}(?<!\\d)${keepProofYears}(?!\\d)`, "su"));
});
