/** A guide asked for in easy Japanese or in English: the form, the page it leads to and the mail speak that language. */

import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { installStarter } from "#api/content-files/install.ts";
import { loadPublished } from "#api/published/store.ts";
import { db } from "#db/client.ts";
import { contentTexts } from "#db/schema/content.ts";
import { downloadGrants, guides } from "#db/schema/guides.ts";
import { leads } from "#db/schema/leads.ts";
import { consentTexts, deliveries, subscriptions } from "#db/schema/mail.ts";
import { wordsIn } from "#db/words/words.ts";
import { compose } from "#emails/outbox/compose.ts";
import { claimBatch, laneOf } from "#emails/outbox/outbox.ts";
import { elements, words, withoutReadings } from "../../site/html.ts";
import { get, postForm, postJson } from "../requests.ts";

const guide = "learning-in-hospital";
await installStarter();
await loadPublished();

let asked = 0;
const fields = (locale: string) => ({ email: `reader${++asked}@example.jp`, guide, locale });
const titles = {
  ja: "入院中の学びと復学のはじめ方",
  easy: "入院しているときの勉強と、学校にもどる準備",
  en: "Learning in hospital, and going back to school (in Japanese)",
};

beforeEach(() => db.delete(deliveries));

async function mail() {
  const [claimed] = await claimBatch(laneOf("guide_link"), 1);
  const message = claimed && (await compose(claimed));
  if (message === undefined || typeof message === "string") throw new Error(message ?? "no mail");
  return message;
}

describe.each([
  ["ja", "", "ja"],
  ["easy", "/easy", "ja"],
  ["en", "/en", "en"],
] as const)("in %s", (locale, prefix, lang) => {
  const said = wordsIn(locale);

  test("the form is judged in its language, and comes back on its own page", async () => {
    const answer = await postForm(`${prefix}/guides/${guide}`, { ...fields(locale), email: "x" });
    const html = withoutReadings(await answer.text());
    expect([answer.status, elements(html, "html")[0]?.["lang"]]).toEqual([422, lang]);
    expect(html).toContain(said.errors.emailShape);
    expect(elements(html, "form")[0]?.["action"]).toBe(`${prefix}/guides/${guide}`);
    expect(elements(html, "input").find(({ name }) => name === "locale")?.["value"]).toBe(locale);
  });

  test("the page it leads to, and what it says of a second mail, are in that language", async () => {
    const answer = await postForm(`${prefix}/guides/${guide}`, fields(locale));
    const received = answer.headers.get("location") ?? "";
    const html = withoutReadings(await (await get(received)).text());
    expect(elements(html, "html")[0]?.["lang"]).toBe(lang);
    expect(words(html)).toContain(titles[locale]);
    expect(words(html)).toContain(said.guides.received.open);
    const again = await postForm(`${received}/mail`, {});
    expect([again.status, words(await again.text()).includes(said.guides.refused.soon.trim())]).toEqual([409, true]);
  });

  test("its page says when the link is over, also where the mail's link leads", async () => {
    const answer = await postForm(`${prefix}/guides/${guide}`, fields(locale));
    const received = answer.headers.get("location") ?? "";
    const link = /href="(\/d\/[^"]+)"/u.exec(await (await get(received)).text())?.[1] ?? "";
    await db.update(downloadGrants).set({ expiresAt: sql`now() - interval '1 second'` });
    for (const path of [received, link]) {
      const page = await get(path, { headers: { accept: "text/html" } });
      expect([path, page.status]).toEqual([path, 410]);
      expect(words(await page.text())).toContain(said.guides.received.gone);
    }
    const pressed = await postForm(`${received}/mail`, {});
    expect([pressed.status, words(await pressed.text()).includes(said.guides.received.gone)]).toEqual([410, true]);
  });

  test("the mail is in that language, with the title that staff published in it", async () => {
    await postForm(`${prefix}/guides/${guide}`, fields(locale));
    const { subject, html, text } = await mail();
    expect(subject).toBe(said.mails.guideLink.subject);
    expect(text).toContain(said.mails.guideLink.lead(titles[locale]));
    expect(html).toContain(`<html lang="${lang}">`);
  });

  test("agreeing to the newsletter is stored in the words that were shown", async () => {
    await postForm(`${prefix}/guides/${guide}`, { ...fields(locale), newsletter: "true" });
    const rows = await db
      .select({ body: consentTexts.body })
      .from(subscriptions)
      .innerJoin(consentTexts, eq(consentTexts.id, subscriptions.consentTextId))
      .orderBy(sql`${subscriptions.requestedAt} desc`);
    expect(rows[0]?.body).toBe(said.consents.guideNewsletter);
  });

  test("a guide that was withdrawn meanwhile is said to be so, to people by its page, to programs as a problem", async () => {
    await db.update(guides).set({ withdrawnAt: new Date() }).where(eq(guides.slug, guide));
    const answer = await postForm(`${prefix}/guides/${guide}`, fields(locale));
    expect([answer.status, words(await answer.text()).includes(said.guides.noGuide.withdrawn)]).toEqual([410, true]);
    const problem = await postJson("/api/downloads", fields(locale));
    expect(((await problem.json()) as { detail: string }).detail).toBe(said.guides.refused.withdrawn);
    await db.update(guides).set({ withdrawnAt: null }).where(eq(guides.slug, guide));
  });
});

test("where no title is published in the language, the mail has the Japanese one", async () => {
  await db.update(contentTexts).set({ publishedNo: null, publishedAt: null }).where(eq(contentTexts.locale, "en"));
  await postForm(`/en/guides/${guide}`, fields("en"));
  expect((await mail()).text).toContain(wordsIn("en").mails.guideLink.lead(titles.ja));
});

test("words of consent exist in each language", () => {
  const { ja, easy, en } = { ja: wordsIn("ja"), easy: wordsIn("easy"), en: wordsIn("en") };
  for (const kind of ["consultation", "newsletter", "preferences", "guideNewsletter"] as const)
    expect(new Set([ja, easy, en].map(({ consents }) => consents[kind])).size).toBe(3);
});

test("a request keeps the language of its form", async () => {
  await postForm(`/en/guides/${guide}`, fields("en"));
  const [latest] = await db
    .select()
    .from(leads)
    .orderBy(sql`${leads.receivedAt} desc`)
    .limit(1);
  expect(latest?.locale).toBe("en");
});
