/** What becomes of a replaced text when the default beneath it changes: the whole table, and who has to decide. */

import { afterEach, beforeEach, expect, test } from "vitest";
import { keepText, saveText } from "#api/words/change.ts";
import { comparedDefault, isSameText, stateOf } from "#api/words/states.ts";
import { isWaiting, listTexts, openTextTasks } from "#api/words/texts.ts";
import { db } from "#db/client.ts";
import { textOverrides } from "#db/schema/texts.ts";
import { type GivenValues, replaceSettings, settings, settingsFrom } from "#db/settings/settings.ts";
import { loadSettings } from "#db/settings/store.ts";
import { defaultTextOf } from "#db/words/sections.ts";
import { beSample } from "../../real-site.ts";
import { member } from "../requests.ts";

const manager = await member("manager");

beforeEach(async () => {
  await db.delete(textOverrides);
  await loadSettings();
});
afterEach(beSample);

const set = (given: GivenValues) => replaceSettings(settingsFrom(given, "sample", settings().number + 1));
const keep = defaultTextOf("landing-keep", "ja") ?? "";
const filled = keep.replace("{{keep_years}}", "3");

test.each([
  ["not replaced", "landing-keep", undefined, "same"],
  ["against today's default", "landing-keep", { body: "別の文", defaultThen: filled }, "replaced"],
  ["its default changed", "landing-keep", { body: "別の文", defaultThen: "前の文" }, "changed"],
  ["and was looked at", "landing-keep", { body: "別の文", defaultThen: "前の文", seenDefault: filled }, "replaced"],
  ["and changed once more", "landing-keep", { body: "別の文", defaultThen: "前", seenDefault: "その次" }, "changed"],
  ["line breaks and blanks alone differ", "landing-keep", { body: "別", defaultThen: `${filled} \r\n` }, "replaced"],
  ["a name that is gone", "landing-keep", { body: "{{former}}", defaultThen: filled }, "unknown"],
  ["a name that is gone, and a changed default", "landing-keep", { body: "{{former}}", defaultThen: "前" }, "unknown"],
  ["a section that is gone", "landing-former", { body: "別の文", defaultThen: filled }, "gone"],
  ["never replaced, no section", "landing-former", undefined, undefined],
] as const)("%s", (_, section, replaced, expected) => {
  expect(stateOf(section, "ja", replaced && { seenDefault: null, ...replaced })).toBe(expected);
});

test("each language is compared with its own default", () => {
  const then = comparedDefault("landing-keep", "ja", "") ?? "";
  const replaced = { body: "text", defaultThen: then, seenDefault: null };
  expect([stateOf("landing-keep", "ja", replaced), stateOf("landing-keep", "en", replaced)]).toEqual([
    "replaced",
    "changed",
  ]);
});

test("a text that writes years out is told apart when the setting changes; one that names them follows", async () => {
  const at = { locale: "ja", version: 0 } as const;
  await saveText(manager, { section: "landing-keep", ...at }, "3年間あずかります。");
  await saveText(manager, { section: "landing-others", ...at }, "先に相談します。");
  await saveText(
    manager,
    { section: "privacy-kept", ...at },
    "相談\n: {{keep_years}}年、{{keep_draft_days}}日、{{keep_request_years}}年",
  );
  set({ keep_years: 5 });
  expect((await openTextTasks(manager)).map(({ section, text }) => [section.id, text.state])).toEqual([
    ["landing-keep", "changed"],
  ]);
  const now = (await listTexts(manager)).find(({ id }) => id === "landing-keep")?.languages[0]?.own;
  expect([now?.defaultThen, now?.defaultNow]).toEqual([filled, keep.replace("{{keep_years}}", "5")]);
});

test("a changed promise is a task and stands first, other words are a mark; 「このままでよい」 holds for that default only", async () => {
  const at = (section: string) => ({ section, locale: "ja" as const, version: 0 });
  await saveText(manager, at("landing-answer-title"), "3日でお返事します。");
  await saveText(manager, at("landing-keep"), "3年間です。");
  await db.insert(textOverrides).values({
    ...{ section: "about-former", locale: "ja", body: "前の文", defaultThen: "", defaultThenRelease: "0" },
    ...{ changeId: (await db.select().from(textOverrides))[0]?.changeId ?? 0, changedAt: new Date() },
  });
  set({ keep_years: 5, reply_days: 2 });
  const states = async () =>
    (await listTexts(manager)).flatMap(({ id, languages }) =>
      languages.filter(({ state }) => isWaiting(state)).map(({ state }) => [id, state]),
    );
  const tasks = async () => (await openTextTasks(manager)).map(({ section }) => section.id);
  expect(await states()).toEqual([
    ["landing-answer-title", "changed"],
    ["landing-keep", "changed"],
    ["about-former", "gone"],
  ]);
  expect(await tasks()).toEqual(["landing-keep", "about-former"]);
  const row = (await listTexts(manager)).find(({ id }) => id === "landing-keep")?.languages[0];
  // The verb loads what the database has: the settings of this process alone are put in force again.
  const kept = keepText(manager, { ...at("landing-keep"), version: row?.version ?? 0 });
  await kept;
  set({ keep_years: 5, reply_days: 2 });
  expect(await tasks()).toEqual(["about-former"]);
  set({ keep_years: 7 });
  expect(await tasks()).toEqual(["landing-keep", "about-former"]);
});

test("the same letters composed otherwise are the same text", () => {
  expect([isSameText("がくしゅう\n", "か\u3099くしゅう"), isSameText("三年", "五年")]).toEqual([true, false]);
});
