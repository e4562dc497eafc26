/** Saving entries: what of a form is written, what two people see, what is restored. */

import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { findEntry, listEntries, readEntry, revisionsOf } from "#api/content/entries.ts";
import { ContentEntryForm } from "#api/content/forms.ts";
import { openEntryForm } from "#api/content/open-form.ts";
import { createEntry, restoreRevision, saveEntry } from "#api/content/save.ts";
import { db } from "#db/client.ts";
import { Forbidden, Invalid, NotFound, Refused } from "#db/errors.ts";
import { content, contentRevisions, contentTexts } from "#db/schema/content.ts";
import { staff } from "#db/schema/staff.ts";
import { codes } from "#db/terms/codes.ts";
import { contentKeepers, type ContentKind, contentKind } from "#db/terms/content.ts";
import { locale as locales } from "#db/terms/locale.ts";
import { contentWords } from "#db/words/staff/content.ts";
import { member, trailOf } from "../requests.ts";
import { added, type Fields, parsed, shownForm, textOf, typed } from "./typed.ts";

const manager = await member("manager");
const colleague = await member("manager");
await db.update(staff).set({ name: "先に直した人" }).where(eq(staff.id, colleague.id));

const threeLanguages = {
  "ja.question": "費用はかかりますか",
  "ja.answer": "かかりません。",
  "easy.question": "お金は いりますか",
  "easy.answer": "いりません。",
  "en.question": "Does it cost money?",
  "en.answer": "No.",
};

/** Every row of an entry that a verb on another language must not touch. */
async function rowsOf(id: string) {
  const revisions = await db.select().from(contentRevisions).where(eq(contentRevisions.contentId, id));
  const texts = await db.select().from(contentTexts).where(eq(contentTexts.contentId, id));
  const [entry] = await db.select().from(content).where(eq(content.id, id));
  return { revisions, texts, entry };
}

const save = async (id: string, over: Record<string, string>, who = manager) =>
  saveEntry(who, "faq", id, await typed(who, "faq", id, over));

describe("a form writes what was typed, and nothing else", () => {
  test.each(codes(locales))("one language: %s", async (locale) => {
    const id = await added(manager, "faq", threeLanguages);
    const before = await rowsOf(id);
    const saved = await save(id, { [`${locale}.answer`]: "書き直した答え" });
    expect(saved).toMatchObject({ locales: [locale], facts: false });
    const after = await rowsOf(id);
    const others = (rows: typeof before) => ({
      revisions: rows.revisions.filter((row) => row.locale !== locale),
      texts: rows.texts.filter((row) => row.locale !== locale),
      entry: rows.entry,
    });
    expect(others(after)).toEqual(others(before));
    expect(
      after.revisions
        .filter((row) => row.locale === locale)
        .map(({ no }) => no)
        .toSorted(),
    ).toEqual([1, 2]);
    expect(await textOf(manager, "faq", id, locale)).toMatchObject({ no: 2, draft: { answer: "書き直した答え" } });
  });

  test("nothing where only blanks and line breaks differ", async () => {
    const id = await added(manager, "faq", { ...threeLanguages, "ja.answer": "一行め\n二行め" });
    const saved = await save(id, { "ja.answer": "一行め  \r\n二行め\r\n\r\n" });
    expect(saved).toMatchObject({ locales: [], facts: false });
  });

  test("facts, without touching a text", async () => {
    const id = await added(manager, "news", { "facts.day": "2026-12-01", "ja.title": "題", "en.title": "Title" });
    const before = await rowsOf(id);
    const saved = await saveEntry(manager, "news", id, await typed(manager, "news", id, { "facts.day": "2026-12-02" }));
    expect(saved).toMatchObject({ locales: [], facts: true });
    const after = await rowsOf(id);
    expect([after.revisions, after.texts]).toEqual([before.revisions, before.texts]);
    expect(after.entry).toMatchObject({ facts: { day: "2026-12-02" }, factsVersion: 2 });
  });

  test("a language or fact that is emptied is empty", async () => {
    const id = await added(manager, "event", { "facts.day": "2026-12-01", "facts.ends": "12:00", "ja.place": "会館" });
    const form = await shownForm(manager, "event", id);
    delete form["facts.ends"];
    delete form["ja.place"];
    await saveEntry(manager, "event", id, parsed("event", form));
    const { facts, texts } = await readEntry(manager, "event", id);
    expect([facts["day"], facts["ends"], texts.ja.draft?.body["place"]]).toEqual(["2026-12-01", "", ""]);
  });

  test("an unticked tick is taken away", async () => {
    const id = await added(manager, "headline", { "facts.to_professional": "on", "ja.headline": "見出し" });
    expect((await readEntry(manager, "headline", id)).facts["to_professional"]).toBe("yes");
    const form = await shownForm(manager, "headline", id);
    delete form["facts.to_professional"];
    await saveEntry(manager, "headline", id, parsed("headline", form));
    expect((await readEntry(manager, "headline", id)).facts["to_professional"]).toBe("");
  });
});

describe("a new entry", () => {
  test.each(codes(locales))("may be written in %s alone", async (locale) => {
    const id = await added(manager, "faq", { [`${locale}.question`]: "問い" });
    const states = await Promise.all(codes(locales).map(async (one) => (await textOf(manager, "faq", id, one)).code));
    expect(states).toEqual(codes(locales).map((one) => (one === locale ? "draft" : "none")));
    expect((await rowsOf(id)).texts.map((row) => row.locale)).toEqual([locale]);
  });

  test("without a word is refused, and nothing is written", async () => {
    const form = await typed(manager, "faq", undefined, {});
    await expect(createEntry(manager, "faq", form)).rejects.toThrow(new Invalid({ form: contentWords.empty }));
  });

  test("stands at the end of its list; news and events where their day puts them", async () => {
    const last = async (kind: ContentKind, field: string, facts: Fields = {}) => {
      const id = await added(manager, kind, { ...facts, [`ja.${field}`]: "新しい" });
      return (await listEntries(manager, kind)).findIndex((entry) => entry.id === id);
    };
    expect(await last("partner", "name")).toBe((await listEntries(manager, "partner")).length - 1);
    await last("news", "title", { "facts.day": "2026-10-01" });
    expect(await last("news", "title", { "facts.day": "2036-11-01" })).toBe(0);
    expect(await last("news", "title", { "facts.day": "2026-10-15" })).toBeGreaterThan(0);
  });
});

describe("what is typed is checked when it is saved", () => {
  test.each([
    ["event", "facts.day", "2026-02-30", contentWords.day],
    ["event", "facts.starts", "25:00", contentWords.time],
    ["video", "facts.link", "javascript:alert(1)", contentWords.link],
    ["video", "facts.link", "http://example.com/", contentWords.link],
    ["video", "facts.minutes", "-3", contentWords.number("長さ（分）")],
    ["worry", "facts.icon", "rocket", contentWords.choice],
    ["faq", "ja.question", "二つの\n行", contentWords.oneLine("質問")],
    ["faq", "en.question", "x".repeat(121), contentWords.tooLong("質問", 120)],
  ] as const)("%s %s %s", (kind, name, value, sentence) => {
    const { error } = ContentEntryForm[kind].safeParse({
      shown: JSON.stringify({ [name.slice(6)]: "" }),
      "base.ja": "0",
      [name]: value,
    });
    expect(error?.issues).toMatchObject([{ path: [name], message: sentence }]);
  });

  test("fields of another kind, and pictures, which have a form of their own, are unknown", () => {
    expect(ContentEntryForm.faq.safeParse({ shown: "{}", "ja.title": "題" }).success).toBe(false);
    expect(ContentEntryForm.story.safeParse({ shown: "{}", "facts.picture": "drawing:peer" }).success).toBe(false);
  });

  test("a draft may lack everything else", async () => {
    const id = await added(manager, "event", { "ja.title": "題だけ" });
    expect(await textOf(manager, "event", id)).toMatchObject({ code: "draft", draft: { title: "題だけ", place: "" } });
  });
});

describe("two people", () => {
  test("who save different languages lose nothing, without a question", async () => {
    const id = await added(manager, "faq", threeLanguages);
    const mine = await typed(manager, "faq", id, { "ja.answer": "わたしの答え" });
    await save(id, { "en.answer": "Their answer" }, colleague);
    await saveEntry(manager, "faq", id, mine);
    const { texts } = await readEntry(manager, "faq", id);
    expect([texts.ja.draft?.body["answer"], texts.en.draft?.body["answer"]]).toEqual(["わたしの答え", "Their answer"]);
  });

  test("who save the same language: the second is told who and when, nothing is written, and both texts are shown", async () => {
    const id = await added(manager, "faq", threeLanguages);
    const sent = { ...(await shownForm(manager, "faq", id)), "ja.answer": "わたしの答え", "en.answer": "My answer" };
    await save(id, { "ja.answer": "先の答え", "ja.question": "先の質問" }, colleague);
    const before = await rowsOf(id);
    await expect(saveEntry(manager, "faq", id, parsed("faq", sent))).rejects.toThrow(
      /^先に直した人さんが\d{4}\/\d\d\/\d\d\(.\) \d\d:\d\dに、日本語の文を先に変えていました/u,
    );
    expect(await rowsOf(id)).toEqual(before);
    const open = await openEntryForm("faq", await readEntry(manager, "faq", id), sent);
    // What only the other changed is theirs; what both changed is mine, with theirs beside it.
    expect(open.texts.ja).toMatchObject({
      base: 2,
      values: { question: "先の質問", answer: "わたしの答え" },
      theirs: { by: "先に直した人", values: { answer: "先の答え" } },
    });
    expect(open.texts.en).toMatchObject({ values: { answer: "My answer" }, theirs: undefined });
  });

  test("of whom the second typed the same words: nothing is left to say", async () => {
    const id = await added(manager, "faq", threeLanguages);
    const mine = await typed(manager, "faq", id, { "ja.answer": "同じ答え" });
    await save(id, { "ja.answer": "同じ答え" }, colleague);
    expect(await saveEntry(manager, "faq", id, mine)).toMatchObject({ locales: [] });
  });

  test("who change different facts lose nothing; the same fact is refused", async () => {
    const id = await added(manager, "event", { "facts.day": "2026-12-01", "facts.starts": "10:00", "ja.title": "題" });
    const [other, same] = await Promise.all([
      typed(manager, "event", id, { "facts.starts": "11:00" }),
      shownForm(manager, "event", id),
    ]);
    const theirs = await typed(colleague, "event", id, { "facts.day": "2026-12-24" });
    await saveEntry(colleague, "event", id, theirs);
    await saveEntry(manager, "event", id, other);
    expect((await readEntry(manager, "event", id)).facts).toMatchObject({ day: "2026-12-24", starts: "11:00" });
    const sent = { ...same, "facts.day": "2026-12-31" };
    await expect(saveEntry(manager, "event", id, parsed("event", sent))).rejects.toThrow(/「日」を先に変えていました/u);
    const open = await openEntryForm("event", await readEntry(manager, "event", id), sent);
    expect(open.facts).toMatchObject({
      values: { day: "2026-12-31", starts: "11:00" },
      theirs: { values: { day: "2026-12-24" } },
    });
  });
});

describe("restoring", () => {
  const at = (id: string) => ({ staff: manager, kind: "faq", id, locale: "ja" }) as const;

  test("makes a draft in the same language alone", async () => {
    const id = await added(manager, "faq", threeLanguages);
    await saveEntry(
      manager,
      "faq",
      id,
      await typed(manager, "faq", id, { "ja.answer": "二番め", press: "publish-ja" }),
    );
    const before = await rowsOf(id);
    await restoreRevision(at(id), { no: 1, base: 2 });
    const after = await rowsOf(id);
    expect(after.texts).toEqual(before.texts);
    expect(await textOf(manager, "faq", id)).toMatchObject({
      ...{ code: "shown", shownNo: 2, hasDraft: true, no: 3 },
      draft: { answer: "かかりません。" },
    });
    expect(after.revisions.filter(({ locale }) => locale !== "ja")).toEqual(
      before.revisions.filter(({ locale }) => locale !== "ja"),
    );
    expect((await trailOf(id)).at(-1)).toMatchObject({ action: "restore", detail: { locale: "ja", no: 3 } });
  });

  test("is refused where somebody saved meanwhile, for what is the draft, and for what never was", async () => {
    const id = await added(manager, "faq", threeLanguages);
    await save(id, { "ja.answer": "二番め" });
    await expect(restoreRevision(at(id), { no: 1, base: 1 })).rejects.toThrow(Refused);
    await expect(restoreRevision(at(id), { no: 2, base: 2 })).rejects.toThrow(contentWords.sameText);
    await expect(restoreRevision(at(id), { no: 7, base: 2 })).rejects.toThrow(NotFound);
    expect((await revisionsOf(manager, "faq", id, "ja")).map(({ no }) => no)).toEqual([2, 1]);
  });
});

test("each role reads and writes the kinds that it keeps, and no other", async () => {
  const people = await Promise.all((["manager", "coordinator", "fundraiser", "peer", "analyst"] as const).map(member));
  for (const kind of codes(contentKind).filter((one) => one !== "guide")) {
    const id = await added(manager, kind, { [`ja.${firstField[kind]}`]: "文" });
    for (const person of people) {
      const mayKeep = contentKeepers[kind].includes(person.role);
      const attempts = [
        listEntries(person, kind),
        readEntry(person, kind, id),
        revisionsOf(person, kind, id, "ja"),
        findEntry(db, person, kind, id),
        typed(manager, kind, id, {}).then((form) => saveEntry(person, kind, id, form)),
        typed(manager, kind, undefined, { [`ja.${firstField[kind]}`]: "文" }).then((form) =>
          createEntry(person, kind, form),
        ),
      ];
      const outcomes = (await Promise.allSettled(attempts)).map((one) => one.status === "fulfilled" || one.reason);
      expect(outcomes).toEqual(attempts.map(() => (mayKeep ? true : expect.any(Forbidden))));
    }
  }
});

const firstField = {
  ...{ worry: "words", story: "title", voice: "words", person: "name", partner: "name", video: "title" },
  ...{ headline: "headline", event: "title", faq: "question", news: "title", guide: "title" },
} satisfies Record<ContentKind, string>;

test("an entry of another kind is not found", async () => {
  const id = await added(manager, "faq", threeLanguages);
  await expect(readEntry(manager, "news", id)).rejects.toThrow(NotFound);
  await expect(readEntry(manager, "faq", "no-id")).rejects.toThrow(NotFound);
});
