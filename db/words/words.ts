/**
 * The one dictionary of everything that families read, in each language the site speaks. A topic is a
 * file under words/; the Japanese of a topic is its type, so that a missing key does not compile. A topic that names
 * the organisation, promises a time or keeps a date is a function of the settings.
 */

import { oncePerSettings, type Settings } from "#db/settings/settings.ts";
import type { Locale } from "#db/terms/locale.ts";
import { about } from "./about.ts";
import { accessibility } from "./accessibility.ts";
import { advertising } from "./advertising.ts";
import { askerForms } from "./asker-forms.ts";
import { consents } from "./consents.ts";
import { contact } from "./contact.ts";
import { correspondence } from "./correspondence.ts";
import { errors } from "./errors.ts";
import { forAskers } from "./for-askers.ts";
import { form } from "./form.ts";
import { guidePages } from "./guides.ts";
import { help } from "./help.ts";
import { landing } from "./landing.ts";
import { mails } from "./mails.ts";
import { missing } from "./missing.ts";
import { newsletter } from "./newsletter.ts";
import { numbers } from "./numbers.ts";
import { preview } from "./preview.ts";
import { privacy } from "./privacy.ts";
import { problems } from "./problems.ts";
import { receipt } from "./receipt.ts";
import { replyNotice } from "./reply-notice.ts";
import { site } from "./site.ts";
import { subscription } from "./subscription.ts";
import { terms } from "./terms.ts";

const topics = {
  about,
  accessibility,
  advertising,
  askerForms,
  consents,
  contact,
  correspondence,
  errors,
  forAskers,
  form,
  guides: guidePages,
  help,
  landing,
  mails,
  missing,
  newsletter,
  numbers,
  preview,
  privacy,
  problems,
  receipt,
  replyNotice,
  site,
  subscription,
  terms,
};

type Topics = typeof topics;
/** A topic that names the organisation or its promises is made from the settings. */
type Made<T> = T extends (settings: Settings) => infer W ? W : T;

/** All words of one language, by topic. */
export type Words = { [T in keyof Topics]: Made<Topics[T]["ja"]> };

/** The words of a language, with the settings in force. Read them at the moment of use, as `settings()`. */
export const wordsIn: (locale: Locale) => Words = oncePerSettings((settings, locale: Locale) => {
  const made = Object.entries(topics).map(([topic, languages]) => {
    const words = languages[locale];
    return [topic, typeof words === "function" ? words(settings) : words];
  });
  return Object.fromEntries(made) as Words;
});

/** What the attribute `lang` says; easy Japanese is Japanese. */
export const langOf = (locale: Locale): "ja" | "en" => (locale === "en" ? "en" : "ja");

/** The path of a page in a language: "/consultation" → "/en/consultation". Japanese has no prefix. */
export const pathIn = (locale: Locale, path: string): string =>
  locale === "ja" ? path : `/${locale}${path === "/" ? "" : path}`;

/** The language that a path names, whether or not a page is there: "/en/consultation" → "en". */
export const languageOfPath = (path: string): Locale =>
  (["easy", "en"] as const).find((language) => path === `/${language}` || path.startsWith(`/${language}/`)) ?? "ja";

/**
 * A word with its reading above it. Programs that read aloud know the word: for them the reading would
 * say it twice. Browsers without ruby put the reading in brackets.
 */
export const ruby = (base: string, reading: string): string =>
  `<ruby>${base}<rp>（</rp><rt aria-hidden="true">${reading}</rt><rp>）</rp></ruby>`;
