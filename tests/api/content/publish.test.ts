/** Publishing: one language at a time, at its moment, with its consent; what is taken off; what of a translation is behind. */

import { and, eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { readEntry } from "#api/content/entries.ts";
import { cancelSchedule, keepTranslation, publishText, settleText, withdrawText } from "#api/content/publish.ts";
import { createEntry, saveEntry } from "#api/content/save.ts";
import { dayAfter, dayOf, instantOf } from "#db/calendar/days.ts";
import { db, transaction } from "#db/client.ts";
import { Forbidden, Invalid, Refused } from "#db/errors.ts";
import { approvals } from "#db/schema/approvals.ts";
import { content, contentPeriods, contentRevisions, contentTexts, pictures } from "#db/schema/content.ts";
import { replaceSettings, settingsFrom } from "#db/settings/settings.ts";
import type { ContentKind } from "#db/terms/content.ts";
import type { Locale } from "#db/terms/locale.ts";
import { contentWords } from "#db/words/staff/content.ts";
import { member, trailOf } from "../requests.ts";
import { added, parsed, shownForm, textOf, typed } from "./typed.ts";

const manager = await member("manager");
const now = new Date();
const minutes = (count: number) => new Date(now.getTime() + count * 60_000);

const question = { "ja.question": "質問", "ja.answer": "答え" };
const translated = { ...question, "en.question": "Question", "en.answer": "Answer" };
const story = {
  ...{ "ja.title": "題", "ja.who": "ご家族", "ja.asked": "相談", "ja.now": "いま" },
  ...{ "en.title": "Title", "en.who": "A family", "en.asked": "Asked", "en.now": "Now" },
};
const at = (kind: ContentKind, id: string, locale: Locale = "ja") => ({ staff: manager, kind, id, locale });

/** Presses a button of the language's panel as it is shown now. */
async function publish(kind: ContentKind, id: string, locale: Locale = "ja", publishAt?: Date, when = now) {
  const { no, version } = await textOf(manager, kind, id, locale, when);
  return publishText(at(kind, id, locale), { no, version, ...(publishAt && { publishAt }) }, when);
}

async function save(kind: ContentKind, id: string, over: Record<string, string>) {
  return saveEntry(manager, kind, id, await typed(manager, kind, id, over), now);
}

const approve = (contentId: string, locale: Locale, revisionNo: number, until = "2099-12-31") =>
  db.insert(approvals).values({
    ...{ contentId, locale, revisionNo, until, reference: "1", givenOn: "2026-11-01", channels: ["site"] },
    recordedAt: new Date(),
  });

const textRow = async (id: string, locale: Locale) =>
  (
    await db
      .select()
      .from(contentTexts)
      .where(and(eq(contentTexts.contentId, id), eq(contentTexts.locale, locale)))
  )[0];

describe("publishing", () => {
  test("a language publishes it alone: the others keep their rows and stay drafts", async () => {
    const id = await added(manager, "faq", translated);
    const before = await textRow(id, "en");
    expect(await publish("faq", id)).toBe("published");
    expect(await textRow(id, "en")).toEqual(before);
    expect((await textOf(manager, "faq", id)).code).toBe("shown");
    expect((await textOf(manager, "faq", id, "en")).code).toBe("draft");
    expect(await trailOf(id)).toMatchObject([{}, {}, {}, { action: "publish", detail: { locale: "ja", no: 1 } }]);
  });

  test("needs no Japanese", async () => {
    const id = await added(manager, "faq", { "en.question": "Question", "en.answer": "Answer" });
    expect(await publish("faq", id, "en")).toBe("published");
  });

  test("asks for what is missing in this language, and for no other", async () => {
    const id = await added(manager, "faq", {
      "ja.question": "質問だけ",
      "en.question": "Question",
      "en.answer": "Answer",
    });
    expect(await publish("faq", id, "en")).toBe("published");
    await expect(publish("faq", id)).rejects.toThrow(
      new Invalid({ "ja.answer": contentWords.missing("日本語", "答え") }),
    );
  });

  test("asks for facts that the page cannot do without", async () => {
    const id = await added(manager, "news", { "ja.title": "題", "ja.text": "本文" });
    await expect(publish("news", id)).rejects.toThrow(new Invalid({ "facts.day": contentWords.missingFact("日付") }));
  });

  test("asks for a photograph's words in the same language", async () => {
    const [picture] = await db
      .insert(pictures)
      .values({ needsConsent: false, alt: { ja: "机" }, uploadedAt: now })
      .returning();
    const id = await added(manager, "video", {
      ...{ "facts.link": "https://video.example.jp/1", "facts.minutes": "3" },
      ...{
        "ja.title": "題",
        "ja.site": "動画サイト",
        "ja.text": "文",
        "en.title": "Title",
        "en.site": "Site",
        "en.text": "Text",
      },
    });
    await db
      .update(content)
      .set({ facts: { link: "https://video.example.jp/1", minutes: "3", picture: picture?.id ?? "" } })
      .where(eq(content.id, id));
    expect(await publish("video", id)).toBe("published");
    await expect(publish("video", id, "en")).rejects.toThrow(
      new Invalid({ "facts.picture": contentWords.noAlt("English") }),
    );
  });

  test("with the same press as saving; a refusal saves nothing", async () => {
    const form = await typed(manager, "faq", undefined, { ...translated, press: "publish-ja" });
    const { id, published } = await createEntry(manager, "faq", form);
    expect(published).toBe("published");
    const incomplete = await shownForm(manager, "faq", id);
    delete incomplete["ja.answer"];
    const sent = parsed("faq", { ...incomplete, "en.answer": "New answer", press: "publish-ja" });
    await expect(saveEntry(manager, "faq", id, sent)).rejects.toThrow(Invalid);
    expect(await textOf(manager, "faq", id, "en")).toMatchObject({ no: 1, draft: { answer: "Answer" } });
  });

  test("is of words that the person has seen", async () => {
    const id = await added(manager, "faq", translated);
    const { no, version } = await textOf(manager, "faq", id);
    const pressed = await typed(manager, "faq", id, { press: "publish-ja" });
    await save("faq", id, { "ja.answer": "ほかの人の答え" });
    await expect(publishText(at("faq", id), { no, version })).rejects.toThrow(contentWords.changedMeanwhile("日本語"));
    await expect(saveEntry(manager, "faq", id, pressed)).rejects.toThrow(Refused);
    expect((await textOf(manager, "faq", id)).code).toBe("draft");
  });

  test("is refused where somebody withdrew it meanwhile", async () => {
    const id = await added(manager, "faq", question);
    await publish("faq", id);
    await save("faq", id, { "ja.answer": "新しい答え" });
    const { no, version } = await textOf(manager, "faq", id);
    await withdrawText(at("faq", id), version);
    await expect(publishText(at("faq", id), { no, version })).rejects.toThrow(Refused);
  });

  test("a draft beside it changes nothing that is public", async () => {
    const id = await added(manager, "faq", question);
    await publish("faq", id);
    await save("faq", id, { "ja.answer": "新しい答え" });
    expect(await textOf(manager, "faq", id)).toMatchObject({ code: "shown", shownNo: 1, hasDraft: true });
    await publish("faq", id);
    expect(await textOf(manager, "faq", id)).toMatchObject({ code: "shown", shownNo: 2, hasDraft: false });
  });

  test("a text of the sample is refused once the sample is over; written anew it is the organisation's", async () => {
    const id = await added(manager, "faq", question);
    const body = { question: "見本の質問", answer: "見本の答え" };
    await db
      .insert(contentRevisions)
      .values({ contentId: id, locale: "ja", no: 2, body, writtenAt: now, origin: "sample" });
    replaceSettings(settingsFrom({}, "own", 1));
    await expect(publish("faq", id)).rejects.toThrow(contentWords.sampleText);
    await save("faq", id, { "ja.answer": "わたしたちの答え" });
    expect(await publish("faq", id)).toBe("published");
    replaceSettings(settingsFrom({}, "sample", 2));
  });
});

describe("at a moment", () => {
  test("the later text takes the place of the one before, which is public until then", async () => {
    const id = await added(manager, "faq", question);
    await publish("faq", id);
    await save("faq", id, { "ja.answer": "あすからの答え" });
    expect(await publish("faq", id, "ja", minutes(60))).toBe("scheduled");
    expect(await textOf(manager, "faq", id, "ja", minutes(59))).toMatchObject({
      ...{ code: "shown", shownNo: 1, hasDraft: false },
      next: { no: 2, at: minutes(60) },
    });
    expect(await textOf(manager, "faq", id, "ja", minutes(61))).toMatchObject({ shownNo: 2, next: undefined });
  });

  test("a moment that has passed is refused", async () => {
    const id = await added(manager, "faq", question);
    await expect(publish("faq", id, "ja", minutes(-1))).rejects.toThrow(new Invalid({ at: contentWords.past }));
  });

  test("that came stays when something else changes: the text is not forgotten", async () => {
    const id = await added(manager, "faq", question);
    await publish("faq", id);
    await save("faq", id, { "ja.answer": "二番め" });
    await publish("faq", id, "ja", minutes(10));
    await save("faq", id, { "ja.answer": "三番め" });
    // A later one is scheduled after the second has appeared.
    await publish("faq", id, "ja", minutes(30), minutes(20));
    expect(await textOf(manager, "faq", id, "ja", minutes(20))).toMatchObject({ shownNo: 2, next: { no: 3 } });
    await cancelSchedule(at("faq", id), (await textOf(manager, "faq", id)).version, minutes(21));
    expect(await textOf(manager, "faq", id, "ja", minutes(40))).toMatchObject({ shownNo: 2, hasDraft: true });
  });

  test("may be cancelled until then, not afterwards", async () => {
    const id = await added(manager, "faq", question);
    await publish("faq", id, "ja", minutes(10));
    const { version } = await textOf(manager, "faq", id);
    await expect(cancelSchedule(at("faq", id), version, minutes(11))).rejects.toThrow(contentWords.notScheduled);
    await cancelSchedule(at("faq", id), version, minutes(9));
    expect(await textOf(manager, "faq", id, "ja", minutes(20))).toMatchObject({ code: "draft", hasDraft: true });
  });

  test("settling changes nothing that is public, at no moment", async () => {
    const id = await added(manager, "faq", question);
    await publish("faq", id);
    await save("faq", id, { "ja.answer": "二番め" });
    await publish("faq", id, "ja", minutes(10));
    const shownAt = async (when: Date) => (await textOf(manager, "faq", id, "ja", when)).shownNo;
    expect(await shownAt(minutes(9))).toBe(1);
    await transaction((tx) => settleText(tx, id, "ja", minutes(9)));
    expect([await shownAt(minutes(9)), await shownAt(minutes(10))]).toEqual([1, 2]);
    await transaction((tx) => settleText(tx, id, "ja", minutes(10)));
    expect(await textRow(id, "ja")).toMatchObject({ publishedNo: 2, scheduledNo: null });
    expect(await shownAt(minutes(10))).toBe(2);
  });
});

describe("withdrawing", () => {
  test("takes one language off; publishing brings it back", async () => {
    const id = await added(manager, "faq", translated);
    await publish("faq", id);
    await publish("faq", id, "en");
    await withdrawText(at("faq", id), (await textOf(manager, "faq", id)).version);
    expect((await textOf(manager, "faq", id)).code).toBe("withdrawn");
    expect((await textOf(manager, "faq", id, "en")).code).toBe("shown");
    await publish("faq", id);
    expect((await textOf(manager, "faq", id)).code).toBe("shown");
  });

  test("what was withdrawn does not come back while its successor waits for its day", async () => {
    const id = await added(manager, "faq", question);
    await publish("faq", id);
    await withdrawText(at("faq", id), (await textOf(manager, "faq", id)).version);
    await save("faq", id, { "ja.answer": "新しい答え" });
    await publish("faq", id, "ja", minutes(60));
    expect(await textOf(manager, "faq", id, "ja", minutes(1))).toMatchObject({ shownNo: undefined, next: { no: 2 } });
    expect(await db.select().from(contentPeriods).where(eq(contentPeriods.contentId, id))).toMatchObject([
      { revisionNo: 2, shownFrom: minutes(60) },
    ]);
  });

  test("of what is not public is refused", async () => {
    const id = await added(manager, "faq", question);
    await expect(withdrawText(at("faq", id), 1)).rejects.toThrow(contentWords.notShown("日本語"));
  });
});

describe("what needs a consent", () => {
  test("waits for one to exactly this revision; the approved text stays until then", async () => {
    const id = await added(manager, "story", story);
    expect(await publish("story", id)).toBe("waits");
    expect(await textOf(manager, "story", id)).toMatchObject({ code: "draft", waits: { no: 1 }, hasDraft: false });
    await approve(id, "ja", 1);
    expect(await textOf(manager, "story", id, "ja", minutes(1))).toMatchObject({ code: "shown", waits: undefined });
    await save("story", id, { "ja.now": "そのあと" });
    expect(await publish("story", id, "ja", undefined, minutes(2))).toBe("waits");
    expect(await textOf(manager, "story", id, "ja", minutes(3))).toMatchObject({
      code: "shown",
      shownNo: 1,
      waits: { no: 2 },
    });
    await approve(id, "ja", 2);
    expect(await textOf(manager, "story", id, "ja", minutes(3))).toMatchObject({ shownNo: 2, waits: undefined });
  });

  test("is public at once where the consent is there already", async () => {
    const id = await added(manager, "story", story);
    await approve(id, "ja", 1);
    expect(await publish("story", id)).toBe("published");
  });

  test("ends with the last day of the consent in Tokyo", async () => {
    const id = await added(manager, "story", story);
    const today = dayOf(now);
    await approve(id, "ja", 1, today);
    await publish("story", id);
    const end = instantOf(dayAfter(today));
    expect((await textOf(manager, "story", id, "ja", new Date(end.getTime() - 1))).code).toBe("shown");
    expect(await textOf(manager, "story", id, "ja", end)).toMatchObject({
      code: "ended",
      lastDay: today,
      shownNo: undefined,
    });
  });

  test("a scheduled one whose consent ends before its day waits", async () => {
    const id = await added(manager, "story", story);
    await approve(id, "ja", 1, dayOf(now));
    expect(await publish("story", id, "ja", minutes(3 * 24 * 60))).toBe("waits");
  });
});

describe("a translation", () => {
  /** Question in both languages, the Japanese public. */
  async function published() {
    const id = await added(manager, "faq", translated);
    await publish("faq", id);
    return id;
  }
  const behind = async (id: string) => (await textOf(manager, "faq", id, "en")).isStale;

  test("agrees with the Japanese that its form showed when it was first saved", async () => {
    const id = await added(manager, "faq", question);
    const form = await typed(manager, "faq", id, { "en.question": "Question" });
    await save("faq", id, { "ja.answer": "書き直した答え" });
    await saveEntry(manager, "faq", id, form, now);
    expect((await textOf(manager, "faq", id, "en")).madeFrom).toBe(1);
  });

  test("that is new leaves another one behind", async () => {
    const id = await published();
    await save("faq", id, { "ja.answer": "まったく違う答え" });
    await publish("faq", id);
    await save("faq", id, { "easy.question": "しつもん", "easy.answer": "こたえ" });
    const made = [await textOf(manager, "faq", id, "easy"), await textOf(manager, "faq", id, "en")];
    expect(made.map(({ madeFrom, isStale }) => [madeFrom, isStale])).toEqual([
      [2, false],
      [1, true],
    ]);
  });

  test("is behind when other Japanese is published, not when it is drafted", async () => {
    const id = await published();
    expect(await behind(id)).toBe(false);
    await save("faq", id, { "ja.answer": "まったく違う答え" });
    expect(await behind(id)).toBe(false);
    await publish("faq", id);
    expect(await behind(id)).toBe(true);
  });

  test("is not behind for line breaks, trailing blanks and composed letters", async () => {
    const id = await added(manager, "faq", { ...translated, "ja.answer": "ガイドがあります。\n二行め" });
    await publish("faq", id);
    const other = { question: "質問", answer: "ガイドがあります。  \r\n二行め\r\n\r\n" };
    await db
      .insert(contentRevisions)
      .values({ contentId: id, locale: "ja", no: 2, body: other, writtenAt: now, origin: "staff" });
    await publish("faq", id);
    expect((await textOf(manager, "faq", id)).shownNo).toBe(2);
    expect(await behind(id)).toBe(false);
  });

  test("stays behind when a slip in it is mended; the tick says that it agrees again", async () => {
    const id = await published();
    await save("faq", id, { "ja.answer": "まったく違う答え" });
    await publish("faq", id);
    await save("faq", id, { "en.answer": "Answer." });
    expect(await behind(id)).toBe(true);
    await save("faq", id, { "en.answer": "Another answer", "agrees.en": "on" });
    expect(await behind(id)).toBe(false);
  });

  test("is kept for this Japanese only, and comes back with the next", async () => {
    const id = await published();
    await save("faq", id, { "ja.answer": "二番めの答え" });
    await publish("faq", id);
    const before = await textRow(id, "ja");
    const { version } = await textOf(manager, "faq", id, "en");
    await expect(keepTranslation(at("faq", id, "en"), { no: 1, version })).rejects.toThrow(
      contentWords.japaneseChanged,
    );
    await keepTranslation(at("faq", id, "en"), { no: 2, version });
    expect(await behind(id)).toBe(false);
    expect(await textRow(id, "ja")).toEqual(before);
    expect((await textOf(manager, "faq", id, "en")).no).toBe(1);
    const again = (await textOf(manager, "faq", id, "en")).version;
    await expect(keepTranslation(at("faq", id, "en"), { no: 2, version: again })).rejects.toThrow(
      contentWords.notBehind,
    );
    await save("faq", id, { "ja.answer": "三番めの答え" });
    await publish("faq", id);
    expect(await behind(id)).toBe(true);
  });

  test("of a draft that is not public yet is ahead, not behind", async () => {
    const id = await published();
    await save("faq", id, { "ja.answer": "あすの答え", "en.answer": "Tomorrow's answer", "agrees.en": "on" });
    expect(await behind(id)).toBe(false);
    await publish("faq", id);
    expect(await behind(id)).toBe(false);
  });
});

test("nobody publishes, withdraws or keeps what another role keeps", async () => {
  const coordinator = await member("coordinator");
  const id = await added(manager, "faq", question);
  const foreign = { ...at("faq", id), staff: coordinator };
  const attempts = [
    publishText(foreign, { no: 1, version: 1 }),
    cancelSchedule(foreign, 1),
    withdrawText(foreign, 1),
    keepTranslation(foreign, { no: 1, version: 1 }),
  ];
  expect(await Promise.allSettled(attempts)).toEqual(
    attempts.map(() => ({ status: "rejected", reason: expect.any(Forbidden) })),
  );
  expect((await readEntry(manager, "faq", id)).texts.ja.state.code).toBe("draft");
});
