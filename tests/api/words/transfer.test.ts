/** The replaced texts in the settings' file: out, an empty database, in, the same again; a bad file takes nothing. */

import { beforeEach, expect, test } from "vitest";
import { exportSettings, importSettings } from "#api/settings/transfer.ts";
import { saveText } from "#api/words/change.ts";
import { readTexts } from "#api/words/texts.ts";
import { db } from "#db/client.ts";
import { Invalid } from "#db/errors.ts";
import { textOverrides } from "#db/schema/texts.ts";
import { settings } from "#db/settings/settings.ts";
import { loadSettings } from "#db/settings/store.ts";
import { textWords } from "#db/words/staff/texts.ts";
import { member } from "../requests.ts";

const manager = await member("manager");

beforeEach(async () => {
  await db.delete(textOverrides);
  await loadSettings();
});

const inFile = (body: string) => ({ body, default_then: "前の文", default_then_release: "0.0.1", seen_default: null });

test("out and in again, the texts, their defaults and the file are the same", async () => {
  await saveText(manager, { section: "landing-lead", locale: "en", version: 0 }, "We listen. {{name}}");
  const gone = { texts: { "about-former/ja": inFile("残っていた文"), "landing-keep/ja": inFile("三年です") } };
  await importSettings(manager, JSON.stringify(gone));
  const [file, texts] = [await exportSettings(), settings().texts];
  expect(Object.keys(texts).toSorted()).toEqual(["about-former/ja", "landing-keep/ja", "landing-lead/en"]);
  await db.delete(textOverrides);
  await loadSettings();
  expect(settings().texts).toEqual({});
  await importSettings(manager, file);
  expect([await exportSettings(), settings().texts]).toEqual([file, texts]);
  const { languages } = await readTexts(manager, "landing-keep");
  expect(languages[0]).toMatchObject({ state: "changed", own: { defaultThen: "前の文", release: "0.0.1" } });
});

test("of a file with one bad text nothing is taken, and the text is named", async () => {
  const texts = { "landing-lead/ja": inFile("よい文"), "landing-keep/ja": inFile("{{former}}年") };
  const refused = importSettings(manager, JSON.stringify({ "name.ja": "かぜの家", texts }));
  const sentence = `landing-keep/ja: ${textWords.unknown("{{former}}")}`;
  await expect(refused).rejects.toEqual(new Invalid({ "texts.landing-keep/ja": sentence }));
  for (const bad of [
    { texts: [] },
    { texts: { "landing-lead/fr": inFile("x") } },
    { texts: { "landing-lead/ja": "x" } },
  ])
    await expect(importSettings(manager, JSON.stringify(bad))).rejects.toThrow(Invalid);
  expect([settings().texts, settings().given["name.ja"]]).toEqual([{}, undefined]);
});
