/** Each process holds the settings of the database, and the last good copy of them without one. */

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterEach, expect, test } from "vitest";
import { replyByDate, isBusinessDay, phoneHours } from "#db/calendar/calendar.ts";
import { transaction } from "#db/client.ts";
import { env } from "#db/env.ts";
import { newId } from "#db/random/ids.ts";
import { settingsChanges, settingsValues } from "#db/schema/settings.ts";
import { textChanges, textOverrides } from "#db/schema/texts.ts";
import { replacedTextKey, replaceSettings, settings, settingsFrom } from "#db/settings/settings.ts";
import { followSettings, givenFrom, loadSettings, readSettingsCopy } from "#db/settings/store.ts";
import { wordsIn } from "#db/words/words.ts";

/** As a save does: a change, and the value that it leaves; undefined takes the value back. */
const write = (key: string, value: unknown) =>
  transaction(async (tx) => {
    const change = { setId: newId(), key, after: value ?? null, changedAt: new Date(), how: "edit" as const };
    const [row] = await tx.insert(settingsChanges).values(change).returning({ id: settingsChanges.id });
    if (value === undefined) await tx.delete(settingsValues).where(eq(settingsValues.key, key));
    else
      await tx
        .insert(settingsValues)
        .values({ key, value, changeId: row?.id ?? 0 })
        .onConflictDoUpdate({ target: settingsValues.key, set: { value, changeId: row?.id ?? 0 } });
  });

afterEach(() => replaceSettings(settingsFrom({}, "sample", 0)));

test("a change is in force in every word and day, and a value taken back is the sample's again", async () => {
  await write("name.ja", "かぜのいえ");
  await write("reply_days", 1);
  await loadSettings();
  expect(wordsIn("ja").site.name).toBe("かぜのいえ");
  expect(wordsIn("ja").consents.consultation).toContain("かぜのいえ");
  expect(replyByDate(new Date("2026-11-20T09:00+09:00"))).toBe("2026-11-24");
  await write("name.ja", undefined);
  await loadSettings();
  expect(wordsIn("ja").site.name).toBe("ほしのこみち");
});

test.each(["10", "true", "null", "[1]", '"quoted"'])("a text that looks like JSON stays a text: %s", async (text) => {
  await write("name.ja", text);
  await write("prefecture", "10");
  await loadSettings();
  expect([settings().given["name.ja"], settings().given.prefecture]).toEqual([text, "10"]);
  await write("name.ja", undefined);
  await write("prefecture", undefined);
});

test("days and hours follow the week that is set", async () => {
  expect(isBusinessDay("2026-11-21")).toBe(false);
  const none = { mon: null, tue: null, wed: null, thu: null, fri: null, sun: null };
  replaceSettings(settingsFrom({ hours: { ...none, sat: { opens: "13:00", closes: "20:00" } } }, "sample", 9));
  expect([isBusinessDay("2026-11-20"), isBusinessDay("2026-11-21")]).toEqual([false, true]);
  expect(phoneHours(new Date("2026-11-21T19:59+09:00"))).toMatchObject({ isOpen: true, closes: "20:00" });
  expect(phoneHours(new Date("2026-11-20T12:00+09:00"))).toMatchObject({ opensOn: "2026-11-21", opens: "13:00" });
  replaceSettings(settingsFrom({ closing_days: ["2026-11-20"], year_end: null }, "sample", 10));
  expect([isBusinessDay("2026-11-20"), isBusinessDay("2026-12-30")]).toEqual([false, true]);
});

test("a week without a day of work ends the search for one", () => {
  const never = { mon: null, tue: null, wed: null, thu: null, fri: null, sat: null, sun: null };
  replaceSettings(settingsFrom({ hours: never }, "sample", 11));
  expect(replyByDate(new Date("2026-11-20T09:00+09:00"))).toMatch(/^20\d\d-/u);
});

test("other processes are told, and nothing older replaces what is newer", async () => {
  const changes: number[] = [];
  const stop = await followSettings(() => changes.push(settings().number));
  await write("name.en", "Wind House");
  await expect.poll(() => wordsIn("en").site.name).toBe("Wind House");
  await expect.poll(() => changes.at(-1)).toBe(settings().number);
  await stop();
  replaceSettings(settingsFrom({ "name.en": "Newer" }, "real", settings().number + 5));
  await loadSettings();
  expect(settings().name.en).toBe("Newer");
});

test("a change that this process has loaded already calls back as well", async () => {
  let changes = 0;
  const stop = await followSettings(() => changes++);
  await write("name.en", `Wind House ${changes}`);
  await loadSettings();
  await expect.poll(() => changes).toBe(1);
  await stop();
});

test("the last good copy serves a start without a database, a broken one is as good as none", async () => {
  await write("name.ja", "かぜのいえ");
  await write("stage", "real");
  await loadSettings();
  replaceSettings(settingsFrom({}, "sample", 0));
  await readSettingsCopy();
  expect([settings().name.ja, settings().stage, wordsIn("ja").site.sample]).toEqual(["かぜのいえ", "real", ""]);
  const path = join(env.DATA_DIR, "settings.json");
  await writeFile(path, (await readFile(path, "utf8")).slice(0, 20));
  replaceSettings(settingsFrom({}, "sample", 0));
  await readSettingsCopy();
  expect(settings().name.ja).toBe("ほしのこみち");
});

/** As a save does: a change, and the text that it leaves; null takes it back. */
const writeText = (section: string, body: string | null) =>
  transaction(async (tx) => {
    const at = { section, locale: "ja" as const, changedAt: new Date() };
    const [row] = await tx
      .insert(textChanges)
      .values({ ...at, after: body, how: "edit" })
      .returning({ id: textChanges.id });
    if (body === null) await tx.delete(textOverrides).where(eq(textOverrides.section, section));
    else
      await tx
        .insert(textOverrides)
        .values({ ...at, body, defaultThen: "", defaultThenRelease: "0", changeId: row?.id ?? 0 });
  });

test("texts that replace sections follow in every process, and a start without a database has them", async () => {
  const key = replacedTextKey("landing-headline", "ja");
  const changes: (string | undefined)[] = [];
  const stop = await followSettings(() => changes.push(settings().texts[key]));
  await writeText("landing-headline", "かぜの家へ");
  await expect.poll(() => changes).toEqual(["かぜの家へ"]);
  replaceSettings(settingsFrom({}, "sample", 0));
  await readSettingsCopy();
  expect(settings().texts[key]).toBe("かぜの家へ");
  await writeText("landing-headline", null);
  await expect.poll(() => changes).toEqual(["かぜの家へ", undefined]);
  await stop();
});

test("what this release does not know, or cannot read, is left out", () => {
  const rows = [
    { key: "name.ja", value: "かぜ" },
    { key: "reply_days", value: "soon" },
    { key: "of_a_later_release", value: 1 },
    { key: "toString", value: 1 },
  ];
  expect(givenFrom(rows)).toEqual({ given: { "name.ja": "かぜ" }, stage: "sample" });
});
