/**
 * The marks that a built page carries where the hour or the day decides what is read. The build
 * cannot know them; they are resolved when the page is served and never reach a reader:
 *
 *   <!--open-->…<!--closed-->…<!--/hours-->      the phone is staffed now, or not; the second part may
 *                                                hold __NEXT_OPENING_ja__, …_easy__, …_en__ and,
 *                                                in pages with readings, …_furigana__
 *   <!--until:2026-12-05-->…<!--/until-->        kept through that day in Asia/Tokyo;
 *                                                one may stand inside another: a picture and its words
 */

import { phoneHours } from "#db/calendar/calendar.ts";
import { dayAfter, dayOf, dayWithReadings, formatDay } from "#db/calendar/days.ts";
import type { Locale } from "#db/terms/locale.ts";
import { ruby } from "#db/words/words.ts";

const hours = /<!--open-->(.*?)<!--closed-->(.*?)<!--\/hours-->/gsu;
/** The innermost ones: what may be shown until a day and holds no other such part. */
const until = /<!--until:(\d{4}-\d{2}-\d{2})-->((?:(?!<!--until:).)*?)<!--\/until-->/gsu;
const opening = /__NEXT_OPENING_(ja|easy|en|furigana)__/gu;
const anyMark = /<!--(?:open|closed|\/hours|until:[^>]*|\/until)-->|__NEXT_OPENING_\w+__/u;

/** What marks resolve to at `now`, in few words: pages with the same stand are the same page. */
export function standOf(now: Date): string {
  const minute = Math.floor(now.getTime() / 60_000);
  // Every page from memory asks; requests of one minute share the answer.
  if (latest.minute !== minute) {
    const phone = phoneHours(now);
    latest = { minute, stand: `${dayOf(now)} ${phone.isOpen ? "open" : phone.opensOn}` };
  }
  return latest.stand;
}

let latest = { minute: Number.NaN, stand: "" };

/** The text as it reads at `now`. Throws on marks without their other half: what they end or hide is unknown. */
export function resolveMarks(text: string, now: Date): string {
  if (!anyMark.test(text)) return text;
  const phone = phoneHours(now);
  const today = dayOf(now);
  const read = dated(text, today).replaceAll(hours, (_, open: string, closed: string) =>
    phone.isOpen
      ? open
      : closed.replaceAll(opening, (_, locale: string) =>
          locale === "furigana" ? readOpening(phone.opensOn, today) : sayOpening(phone.opensOn, today, locale === "en"),
        ),
  );
  const stray = anyMark.exec(read);
  if (stray) throw new Error(`A page holds the mark ${stray[0]} without its other half.`);
  return read;
}

function dated(text: string, today: string): string {
  const read = text.replaceAll(until, (_, last: string, inside: string) => (today <= last ? inside : ""));
  return read === text ? text : dated(read, today);
}

/** Whether time changes anything in this text. */
export const hasMarks = (text: string): boolean => anyMark.test(text);

/** The day the phone opens next, in each language; undefined while it is staffed. */
export function sayNextOpening(now: Date): Record<Locale, string> | undefined {
  const phone = phoneHours(now);
  if (phone.isOpen) return undefined;
  const [ja, en] = [false, true].map((inEnglish) => sayOpening(phone.opensOn, dayOf(now), inEnglish)) as [
    string,
    string,
  ];
  return { ja, easy: ja, en };
}

/** The day the phone opens, as people say it on `today`. */
export function sayOpening(day: string, today: string, inEnglish: boolean): string {
  if (day === today) return inEnglish ? "today" : "今日";
  if (day === dayAfter(today)) return inEnglish ? "tomorrow" : "あした";
  return inEnglish ? english.format(Date.parse(`${day}T00:00:00Z`)).replace(",", "") : formatDay(day);
}

/** The same in Japanese, with readings. */
function readOpening(day: string, today: string): string {
  if (day === today) return ruby("今日", "きょう");
  return day === dayAfter(today)
    ? sayOpening(day, today, false)
    : dayWithReadings(day)
        .map((piece) => (typeof piece === "string" ? piece : ruby(...piece)))
        .join("");
}

/** "Tuesday 24 November"; some editions of the locale data put a comma after the weekday. */
const english = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });
