/** An organisation without a telephone asks nobody to call, and says how else it is reached. */

import { afterEach, expect, test } from "vitest";
import { replaceSettings, sampleValues, settingsFrom } from "#db/settings/settings.ts";
import { codes } from "#db/terms/codes.ts";
import { locale } from "#db/terms/locale.ts";
import { wordsIn } from "#db/words/words.ts";
import { contactBlockIn } from "#emails/templates/mail-content.ts";
import { beSample } from "../real-site.ts";
import { words } from "./html.ts";
import { pages, site } from "./stored.ts";

afterEach(beSample);

const withoutOne = () =>
  replaceSettings(settingsFrom({ ...sampleValues, phone: "none", "mail_from.address": "soudan@mori.test" }, "real", 5));

/** Asking to call us; national lines and calls that we make stand on. */
const calls =
  /お電話ください|お電話で(?:受付番号|お確かめ|お申し出)|お電話でもご相談|電話でも相談|(?<!119に)電話してください|\bcall us\b|086-/u;

test("no stored page asks to call, links to a number that is none, or shows hours of a telephone", async () => {
  withoutOne();
  site.pages.invalidate();
  await site.pages.refresh();
  const faults: string[] = [];
  for (const key of pages.keys()) {
    const html = (await site.pages.get(key.replace(/^\/(?=404|500)/u, "")))?.bodies.plain.toString() ?? "";
    if (html.includes('href="tel:"') || calls.test(words(html))) faults.push(`${key}: ${calls.exec(words(html))?.[0]}`);
  }
  expect(faults).toEqual([]);
});

test("mails and the pages of a moment name the address instead", () => {
  withoutOne();
  for (const language of codes(locale)) {
    const { correspondence, mails, receipt, replyNotice } = wordsIn(language);
    for (const text of [
      correspondence.lost,
      correspondence.tooManyTries,
      mails.receipt.call,
      receipt.missing.safe,
      replyNotice.lost,
    ])
      expect([text, text.includes("soudan@mori.test"), calls.test(text)]).toEqual([text, true, false]);
    expect(JSON.stringify(contactBlockIn(language))).not.toContain('""');
  }
});
