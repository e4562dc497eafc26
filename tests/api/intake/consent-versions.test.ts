/** What is stored as consent is what the form showed, however the words change while somebody writes. */

import { desc } from "drizzle-orm";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { db } from "#db/client.ts";
import { consentVersion, noteConsents } from "#db/consents/versions.ts";
import { consultations } from "#db/schema/consultations.ts";
import { subscriptions } from "#db/schema/mail.ts";
import { replaceSettings, settingsFrom } from "#db/settings/settings.ts";
import type { Locale } from "#db/terms/locale.ts";
import { pathIn, wordsIn } from "#db/words/words.ts";
import { elements, withoutReadings } from "../../site/html.ts";
import { type Fields, get, postForm, postJson } from "../requests.ts";

const hourMs = 3_600_000;
const renamed = { "name.ja": "かぜのいえ", "name.easy": "かぜのいえ", "name.en": "Wind House" };
const rename = () => replaceSettings(settingsFrom(renamed, "sample", 2));
const asBefore = () => replaceSettings(settingsFrom({}, "sample", 1));

beforeEach(async () => {
  asBefore();
  await noteConsents(new Date(Date.now() - 100 * hourMs));
});
afterEach(asBefore);

const answers = { message: "夜に不安になります。", reply_by: "none", consent: "true" };
const textOf = (html: string) => html.replaceAll("&#39;", "'");
const lastConsent = async () =>
  (
    await db
      .select()
      .from(consultations)
      .orderBy(desc(sql`xmin::text::bigint`))
      .limit(1)
  )[0]?.consent;
const shownIn = async (path: string) => {
  const inputs = elements(await (await get(path)).text(), "input");
  return inputs.find(({ name }) => name === "consent_text")?.["value"] ?? "";
};

describe.each(["ja", "easy", "en"] as const)("a form in %s, open while the words change", (locale: Locale) => {
  const send = (fields: Fields, to = "") =>
    postForm(`${pathIn(locale, "/consultation")}${to}`, { ...answers, locale, ...fields });

  test("within a day is consent to what it showed", async () => {
    const shown = await shownIn(pathIn(locale, "/consultation"));
    const words = wordsIn(locale).consents.consultation;
    rename();
    await noteConsents(new Date(Date.now() - 23 * hourMs));
    expect(wordsIn(locale).consents.consultation).not.toBe(words);
    const checked = await postForm("/consultation/check", { ...answers, locale, consent_text: shown });
    expect(textOf(withoutReadings(await checked.text()))).toContain(words);
    expect((await send({ consent_text: shown })).status).toBe(303);
    expect(await lastConsent()).toBe(words);
  });

  test("after a day asks again, with everything typed, and no box ticked", async () => {
    const shown = consentVersion("consultation", locale);
    rename();
    await noteConsents(new Date(Date.now() - 25 * hourMs));
    for (const path of ["/consultation", "/consultation/check"]) {
      const answer = await postForm(path, { ...answers, locale, consent_text: shown });
      const html = withoutReadings(await answer.text());
      expect([answer.status, html.includes(answers.message)]).toEqual([422, true]);
      expect(html).toContain(wordsIn(locale).errors.consentChanged);
      expect(textOf(html)).toContain(wordsIn(locale).consents.consultation);
      const inputs = elements(html, "input");
      expect(inputs.find(({ name }) => name === "consent")).not.toHaveProperty("checked");
      expect(inputs.find(({ name }) => name === "consent_text")?.["value"]).toBe(
        consentVersion("consultation", locale),
      );
    }
  });

  test("in a process that has not heard of the change yet is consent to the new words", async () => {
    rename();
    await noteConsents();
    const [shown, words] = [consentVersion("consultation", locale), wordsIn(locale).consents.consultation];
    asBefore();
    expect((await send({ consent_text: shown })).status).toBe(303);
    expect(await lastConsent()).toBe(words);
  });
});

test("a program that names no version agrees to today's words, one that names nothing we showed is refused", async () => {
  const body = { message: "一言", reply_by: "none", consent: true };
  expect((await postJson("/api/consultations", body)).status).toBe(201);
  expect(await lastConsent()).toBe(wordsIn("ja").consents.consultation);
  for (const consent_text of ["0123456789abcdef", consentVersion("newsletter", "ja")]) {
    const answer = await postJson("/api/consultations", { ...body, consent_text });
    expect([answer.status, Object.keys(((await answer.json()) as { errors: object }).errors)]).toEqual([
      422,
      ["consent"],
    ]);
  }
});

test("what was stored is answered again after the words were replaced long ago", async () => {
  const body = {
    ...answers,
    consent: true,
    consent_text: consentVersion("consultation", "ja"),
    key: "0123456789abcdef-old",
  };
  const first = (await (await postJson("/api/consultations", body)).json()) as { reference: string };
  rename();
  await noteConsents(new Date(Date.now() - 48 * hourMs));
  expect(await (await postJson("/api/consultations", body)).json()).toMatchObject({ reference: first.reference });
});

test("words that come back after they were replaced are good again", async () => {
  const shown = consentVersion("consultation", "ja");
  rename();
  await noteConsents(new Date(Date.now() - 48 * hourMs));
  asBefore();
  await noteConsents();
  rename();
  const body = { ...answers, consent: true, consent_text: shown };
  expect((await postJson("/api/consultations", body)).status).toBe(201);
});

test("the newsletter's forms carry their words too", async () => {
  const before = await db.$count(subscriptions);
  expect(await shownIn("/newsletter")).toBe(consentVersion("newsletter", "ja"));
  const shown = consentVersion("newsletter", "ja");
  rename();
  await noteConsents(new Date(Date.now() - 25 * hourMs));
  const form = { email: "reader@example.jp", lists: "news", consent: "true", consent_text: shown };
  expect((await postForm("/newsletter", form)).status).toBe(422);
  const guide = {
    email: "reader@example.jp",
    guide: "learning-in-hospital",
    newsletter: "true",
    consent_text: consentVersion("newsletter", "ja"),
  };
  expect((await postForm("/guides/learning-in-hospital", guide)).status).toBe(422);
  expect(await db.$count(subscriptions)).toBe(before);
});
