/** A newsletter asked for in easy Japanese or in English: the form, the mail and all pages behind its links. */

import { desc, eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { db } from "#db/client.ts";
import { consentVersion } from "#db/consents/versions.ts";
import { env } from "#db/env.ts";
import { consentTexts, deliveries, subscribers, subscriptions } from "#db/schema/mail.ts";
import { codes } from "#db/terms/codes.ts";
import { type Locale, locale as locales } from "#db/terms/locale.ts";
import { pathIn, wordsIn } from "#db/words/words.ts";
import { compose } from "#emails/outbox/compose.ts";
import { claimBatch, laneOf } from "#emails/outbox/outbox.ts";
import { beReal, beSample } from "../../real-site.ts";
import { elements, words, withoutReadings } from "../../site/html.ts";
import { get, postForm, postJson } from "../requests.ts";

let readers = 0;
const fields = (locale: Locale) => ({
  email: `reader${++readers}@example.jp`,
  lists: "events",
  consent: "true",
  locale,
});
const lang = (html: string) => elements(html, "html")[0]?.["lang"];
/** Without readings, and with links as they lead without them. */
const htmlOf = async (answer: Promise<Response>) =>
  withoutReadings(await (await answer).text()).replaceAll(/\?furigana(?=["#])/gu, "");
const hrefIn = (html: string, path: string) =>
  elements(html, "a").find(({ href }) => href?.startsWith(path))?.["href"] ?? "";
const headingOf = (html: string) => /<h1[^>]*>(.*?)<\/h1>/su.exec(html)?.[1]?.replaceAll("<wbr>", "");

beforeEach(() => db.delete(deliveries));

/** The mail that asks to confirm. */
async function mail() {
  const [claimed] = await claimBatch(laneOf("confirmation"), 1);
  const message = claimed && (await compose(claimed));
  if (message === undefined || typeof message === "string") throw new Error(message ?? "no mail");
  return message;
}

const confirmLink = (text: string) => /\/newsletter\/confirm\/[\w-]+/u.exec(text)?.[0] ?? "";

/** The words of consent stored last. */
async function lastConsent() {
  const [row] = await db
    .select({ body: consentTexts.body })
    .from(subscriptions)
    .innerJoin(consentTexts, eq(consentTexts.id, subscriptions.consentTextId))
    .orderBy(desc(subscriptions.requestedAt))
    .limit(1);
  return row?.body;
}

describe.each(codes(locales).map((locale) => [locale, locale === "en" ? "en" : "ja"] as const))(
  "in %s",
  (locale, tag) => {
    const { consents, errors, mails, newsletter, subscription } = wordsIn(locale);
    const page = pathIn(locale, "/newsletter");

    test("the form is judged in its language, and comes back on its own page", async () => {
      const answer = await postForm(page, { email: "x", locale });
      const html = await answer.text();
      expect([answer.status, lang(html)]).toEqual([422, tag]);
      for (const sentence of [errors.emailShape, errors.listsMissing, errors.consentMissing])
        expect(words(html)).toContain(sentence);
      expect(elements(html, "form").map(({ action }) => action)).toContain(page);
      expect(elements(html, "input").find(({ name }) => name === "locale")?.["value"]).toBe(locale);
    });

    test("what comes next, the words agreed to and the mail are in that language", async () => {
      const next = await htmlOf(postForm(page, fields(locale)));
      expect([lang(next), headingOf(next)]).toEqual([tag, newsletter.requestedTitle]);
      expect(hrefIn(next.replace(/^.*<main/su, ""), page)).toBe(page);
      expect(await lastConsent()).toBe(consents.newsletter);
      const { subject, text, html } = await mail();
      expect(subject).toBe(mails.confirmation.subject);
      expect(text).toContain(mails.confirmation.lead([newsletter.lists["events"]?.name ?? "催しのお知らせ"]));
      expect(lang(html)).toBe(tag);
    });

    test("a site that is not real says that no mail comes, where mail leaves the machine", async () => {
      const before = env.SMTP_URL;
      const next = async () => words(await htmlOf(postForm(page, fields(locale))));
      expect(await next()).not.toContain(newsletter.heldBack);
      env.SMTP_URL = "smtp://mail.example.net:587";
      try {
        expect(await next()).toContain(newsletter.heldBack);
        beReal();
        expect(await next()).not.toContain(newsletter.heldBack);
      } finally {
        env.SMTP_URL = before;
        beSample();
      }
    });

    test("the pages behind its links are in that language, up to the last", async () => {
      await postForm(page, fields(locale));
      const link = confirmLink((await mail()).text);
      const pending = await htmlOf(get(link));
      expect([lang(pending), headingOf(pending)]).toEqual([tag, subscription.confirm.titles.pending]);
      await postForm(link, {});
      const confirmed = await htmlOf(get(link));
      expect(headingOf(confirmed)).toBe(subscription.confirm.titles.confirmed);
      expect(hrefIn(confirmed, `${page}#`)).toBe(`${page}#issues`);

      const choice = hrefIn(confirmed, "/newsletter/preferences/");
      const chosen = await htmlOf(get(choice));
      expect([lang(chosen), headingOf(chosen)]).toEqual([tag, subscription.preferences.title]);
      const version = consentVersion("preferences", locale);
      expect(elements(chosen, "input").find(({ name }) => name === "consent_text")?.["value"]).toBe(version);
      const refused = await postForm(choice, { lists: "gossip", locale, consent_text: version });
      expect([refused.status, words(await refused.text()).includes(errors.listGone)]).toEqual([422, true]);
      const saved = await postForm(choice, { lists: ["news", "events"], locale, consent_text: version });
      expect(words(await htmlOf(get(saved.headers.get("location") ?? "")))).toContain(subscription.preferences.saved);
      expect(await lastConsent()).toBe(consents.preferences);

      const out = hrefIn(chosen, "/u/");
      expect(headingOf(await htmlOf(get(out)))).toBe(subscription.leave.titles.reading);
      await postForm(out, {});
      const left = await htmlOf(get(out));
      expect([lang(left), headingOf(left)]).toEqual([tag, subscription.leave.titles.stopped]);
      const unanswered = await postForm(`${out}/reason`, { locale });
      expect([unanswered.status, words(await unanswered.text()).includes(errors.reasonMissing)]).toEqual([422, true]);
      await postForm(`${out}/reason`, { reason: "too_many", locale });
      expect(words(await htmlOf(get(out)))).toContain(subscription.leave.thanks(subscription.reasons.too_many));
      // What had been confirmed is left: the page says so, also to a press of its old button.
      const late = await postForm(link, {});
      expect([late.status, headingOf(withoutReadings(await late.text()))]).toEqual([
        410,
        subscription.confirm.titles.expired,
      ]);
    });
  },
);

const languageOf = async (email: string) => {
  await postJson("/api/subscriptions", { email, consent: true, locale: "en" });
  const rows = await db.select({ locale: subscribers.locale }).from(subscribers).orderBy(desc(subscribers.createdAt));
  return rows[0]?.locale;
};

test("who has not confirmed yet is asked in the language of their latest form", async () => {
  const asked = fields("easy");
  await postForm("/easy/newsletter", asked);
  expect(await languageOf(asked.email)).toBe("en");
});

test("a reader who has confirmed keeps their language, whoever sends the form under their address", async () => {
  const asked = fields("easy");
  await postForm("/easy/newsletter", asked);
  await postForm(confirmLink((await mail()).text), {});
  expect(await languageOf(asked.email)).toBe("easy");
});
