/** Replacing a text: what is refused, what two people see, what is taken back and restored, what moves. */

import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { keepText, moveText, restoreText, saveText, takeBackText, type TextVersion } from "#api/words/change.ts";
import { sectionOf } from "#api/words/section.ts";
import { readTexts, textHistory } from "#api/words/texts.ts";
import { db } from "#db/client.ts";
import { Forbidden, Invalid, NotFound, Refused } from "#db/errors.ts";
import { staff } from "#db/schema/staff.ts";
import { textOverrides } from "#db/schema/texts.ts";
import { loadSettings } from "#db/settings/store.ts";
import type { Locale } from "#db/terms/locale.ts";
import { defaultTextOf } from "#db/words/sections.ts";
import { textWords } from "#db/words/staff/texts.ts";
import { asProgram, get, type Member, member, postForm, refusedPage, signIn } from "../requests.ts";

const manager = await member("manager");
const colleague = await member("manager");
await db.update(staff).set({ name: "先に直した人" }).where(eq(staff.id, colleague.id));
const cookie = await signIn(manager);

beforeEach(async () => {
  await db.delete(textOverrides);
  await loadSettings();
});

const at = (section: string, version = 0, locale: Locale = "ja"): TextVersion => ({ section, locale, version });

/** The number of the last change of a text, as a form opened now would show it. */
async function version(section: string, locale: Locale = "ja"): Promise<number> {
  const { languages } = await readTexts(manager, section);
  return languages.find((text) => text.locale === locale)?.version ?? -1;
}

test("a text is on its page at once, in its language alone, and taking it back brings the default", async () => {
  const ours = [sectionOf("ja", "landing-headline"), sectionOf("en", "landing-headline")];
  await saveText(manager, at("landing-headline"), "かぜの家へようこそ");
  expect([sectionOf("ja", "landing-headline"), sectionOf("en", "landing-headline")]).toEqual([
    "かぜの家へようこそ",
    ours[1],
  ]);
  await takeBackText(manager, at("landing-headline", await version("landing-headline")));
  expect(sectionOf("ja", "landing-headline")).toBe(ours[0]);
});

test("the default, written again, is the default: it goes on following the product", async () => {
  await saveText(manager, at("about-money"), "寄付だけで続けています。");
  const ours = defaultTextOf("about-money", "ja") ?? "";
  await saveText(manager, at("about-money", await version("about-money")), ` ${ours}\r\n`);
  expect(await db.select().from(textOverrides)).toEqual([]);
});

describe("a text is refused that", () => {
  test.each([
    ["landing-lead", "{{reply_day}}日以内です", textWords.unknown("{{reply_day}}")],
    ["landing-lead", "{{ name }}です", textWords.unknown("{{ name }}")],
    ["landing-lead", "{{name}です", textWords.unknown("{{")],
    ["landing-lead", "[電話](tel:{{phone}})", textWords.inLink],
    ["about-doing", "[x]\n\n[x]: https://example.com/{{name}}", textWords.inLink],
    ["landing-headline", "二つの\n行", textWords.oneLine],
    ["landing-headline", " \n ", textWords.empty],
    ["privacy-kept", "用語だけ", textWords.noFacts],
    ["privacy-kept", "用語\n: 説明\n\n説明のない用語", textWords.noFacts],
  ])("%s: %s", async (section, body, sentence) => {
    await expect(saveText(manager, at(section), body)).rejects.toThrow(new Invalid({ body: sentence }));
    expect(await db.select().from(textOverrides)).toEqual([]);
  });

  test("has no place", async () => {
    await expect(saveText(manager, at("landing-former"), "文")).rejects.toThrow(NotFound);
  });

  test("is not a manager's", async () => {
    const coordinator = await member("coordinator");
    const verbs = [
      saveText(coordinator, at("about-lead"), "文"),
      takeBackText(coordinator, at("about-lead")),
      restoreText(coordinator, at("about-lead"), 1),
      keepText(coordinator, at("about-lead")),
      moveText(coordinator, at("about-lead"), "about-money"),
      readTexts(coordinator, "about-lead"),
      textHistory(coordinator, "about-lead"),
    ];
    for (const verb of verbs) await expect(verb).rejects.toThrow(Forbidden);
  });
});

test("of two who save, the second sees who was first and both texts, and nothing typed is lost", async () => {
  const form = { body: "わたしの文", version: "0" };
  await saveText(colleague, at("landing-lead"), "同僚の文");
  const answer = await postForm("/staff/words/landing-lead/ja", form, { cookie });
  const page = await refusedPage(answer, cookie);
  for (const words of ["先に直した人さんが", "わたしの文</textarea>", "同僚の文</p>"]) expect(page).toContain(words);
  expect(sectionOf("ja", "landing-lead")).toBe("同僚の文");
  const shown = String(await version("landing-lead"));
  await postForm("/staff/words/landing-lead/ja", { body: "二人の文", version: shown }, { cookie });
  expect(sectionOf("ja", "landing-lead")).toBe("二人の文");
  const history = await textHistory(manager, "landing-lead");
  expect(history.slice(0, 2).map(({ before, after }) => [before, after])).toEqual([
    ["同僚の文", "二人の文"],
    [null, "同僚の文"],
  ]);
});

test("two who save at the same moment: one is stored, the other refused", async () => {
  const save = (by: Member, body: string) => saveText(by, at("landing-free"), body);
  const outcomes = await Promise.allSettled([save(manager, "一"), save(colleague, "二")]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({ reason: expect.any(Refused) });
});

test("two who save different languages do not meet", async () => {
  await saveText(manager, at("landing-free"), "一");
  await saveText(colleague, at("landing-free", 0, "en"), "one");
  expect([sectionOf("ja", "landing-free"), sectionOf("en", "landing-free")]).toEqual(["一", "one"]);
});

test("「見てみる」 saves nothing, shows what it would look like, and keeps what was typed", async () => {
  const body = "**太い**ことばと<b>、{{name}}";
  const answer = await postForm("/staff/words/about-lead/ja", { body, version: "0", look: "1" }, { cookie });
  expect(answer.headers.get("location")).toBe("/staff/words/about-lead#ja");
  const page = await (await get("/staff/words/about-lead", { cookie, headers: { accept: "text/html" } })).text();
  expect(page).toContain("<strong>太い</strong>ことばと&lt;b&gt;、ほしのこみち");
  expect(page).toContain("**太い**ことばと&lt;b&gt;、{{name}}</textarea>");
  expect(await db.select().from(textOverrides)).toEqual([]);
});

test("a refused text stays in its box, with the sentence, and nothing of it is rendered", async () => {
  const answer = await postForm("/staff/words/about-money/ja", { body: "{{nmae}}です", version: "0" }, { cookie });
  const page = await refusedPage(answer, cookie);
  expect(page).toContain("{{nmae}}です</textarea>");
  expect(page).toContain(textWords.unknown("{{nmae}}"));
});

test("an earlier text comes back as a new change; one of another section does not", async () => {
  await saveText(manager, at("about-people"), "はじめに書いた文");
  const [first] = await textHistory(manager, "about-people");
  await saveText(manager, at("about-people", await version("about-people")), "次に書いた文");
  await restoreText(colleague, at("about-people", await version("about-people")), first?.id ?? 0);
  expect(sectionOf("ja", "about-people")).toBe("はじめに書いた文");
  const [last] = await textHistory(manager, "about-people");
  expect(last).toMatchObject({ how: "restore", by: "先に直した人", before: "次に書いた文" });
  await expect(restoreText(manager, at("about-money"), first?.id ?? 0)).rejects.toThrow(NotFound);
  const second = (await textHistory(manager, "about-people"))[1]?.id ?? 0;
  await expect(restoreText(manager, at("about-people", 0), second)).rejects.toThrow(Refused);
});

test("a text whose section is gone moves to another in its language, and never over a text that is there", async () => {
  const gone = {
    section: "about-former",
    locale: "ja" as const,
    body: "残っていた文",
    defaultThen: "",
    defaultThenRelease: "0",
  };
  const [change] = await textHistory(manager, "about-people");
  await db.insert(textOverrides).values({ ...gone, changeId: change?.id ?? 0, changedAt: new Date() });
  const page = await (await get("/staff/words/about-former", { cookie, headers: { accept: "text/html" } })).text();
  for (const words of ["残っていた文", "別の場所へ移す"]) expect(page).toContain(words);
  const from = at("about-former", await version("about-former"));
  await saveText(manager, at("about-money"), "お金の文");
  await expect(moveText(manager, from, "about-money")).rejects.toThrow(new Refused(textWords.taken));
  await expect(moveText(manager, from, "about-nowhere")).rejects.toThrow(Invalid);
  await moveText(manager, from, "about-lead");
  expect(sectionOf("ja", "about-lead")).toBe("残っていた文");
  await expect(readTexts(manager, "about-former")).rejects.toThrow(NotFound);
});

test("a text whose section is gone can be deleted, and the list says so", async () => {
  const gone = { section: "about-former", locale: "ja" as const, body: "文", defaultThen: "", defaultThenRelease: "0" };
  const [change] = await textHistory(manager, "about-people");
  await db.insert(textOverrides).values({ ...gone, changeId: change?.id ?? 0, changedAt: new Date() });
  const fields = { version: String(await version("about-former")) };
  const answer = await postForm("/staff/words/about-former/ja/take-back", fields, { cookie });
  expect(answer.headers.get("location")).toBe("/staff/words?done=deleted");
  expect(await db.select().from(textOverrides)).toEqual([]);
});

test("the history can be neither changed nor deleted by the product", async () => {
  await expect(db.execute(sql`delete from text_changes`)).rejects.toThrow();
  await expect(db.execute(sql`update text_changes set after = ''`)).rejects.toThrow();
});

test("a program is answered with what was wrong", async () => {
  const answer = await postForm(
    "/staff/words/about-lead/ja",
    { body: "{{x}}", version: "0" },
    { cookie, headers: asProgram },
  );
  expect([answer.status, await answer.json()]).toMatchObject([422, { errors: { body: textWords.unknown("{{x}}") } }]);
});
