/** Opening hours and closing days in words, in each language, made from the settings. */

import { elsewhere } from "#db/municipalities/codes.ts";
import { answerName, elsewhereLabel, fullEnglish, municipalityOptions } from "#db/municipalities/names.ts";
import { findPrefecture, municipalitiesOf } from "#db/municipalities/places.ts";
import type { Locale } from "#db/terms/locale.ts";
import { type Weekday, weekdays } from "./keys.ts";
import { type Settings, settings } from "./settings.ts";

const letters: Record<Weekday, string> = {
  mon: "月",
  tue: "火",
  wed: "水",
  thu: "木",
  fri: "金",
  sat: "土",
  sun: "日",
};
const english: Record<Weekday, string> = {
  ...{ mon: "Monday", tue: "Tuesday", wed: "Wednesday", thu: "Thursday", fri: "Friday" },
  ...{ sat: "Saturday", sun: "Sunday" },
};

/** Days of the week with the same hours, in the order of the week. */
interface Group {
  days: Weekday[];
  opens: string;
  closes: string;
}

function groupsOf({ hours }: Settings): Group[] {
  const groups: Group[] = [];
  for (const day of weekdays) {
    const open = hours[day];
    if (open === null) continue;
    const same = groups.find(({ opens, closes }) => opens === open.opens && closes === open.closes);
    if (same) same.days.push(day);
    else groups.push({ days: [day], ...open });
  }
  return groups;
}

const isWorkingWeek = (days: Weekday[]) => days.join() === "mon,tue,wed,thu,fri";
const isRun = (days: Weekday[]) =>
  days.length > 2 && weekdays.indexOf(days.at(-1) ?? "mon") - weekdays.indexOf(days[0] ?? "mon") === days.length - 1;

function daysIn(locale: Locale, days: Weekday[], isOpenOnHolidays: boolean): string {
  const [first = "mon", last = "mon"] = [days[0], days.at(-1)];
  const names = days.map((day) => (locale === "en" ? english[day] : letters[day]));
  if (locale === "en") {
    if (isWorkingWeek(days)) return "Weekdays";
    return isRun(days) ? `${english[first]} to ${english[last]}` : names.join(", ");
  }
  if (locale === "easy")
    return isRun(days)
      ? `${letters[first]}曜日から${letters[last]}曜日`
      : names.map((name) => `${name}曜日`).join("と");
  if (isWorkingWeek(days) && !isOpenOnHolidays) return "平日";
  return isRun(days) ? `${letters[first]}〜${letters[last]}` : names.join("・");
}

/** "平日 10:00〜17:00", "月曜日から金曜日の10:00から17:00まで", "Weekdays 10:00–17:00"; several hours one after the other. */
export function openingTimes(locale: Locale, settings: Settings): string {
  const parts = groupsOf(settings).map(({ days, opens, closes }) => {
    const names = daysIn(locale, days, !settings.values.closed_on_holidays);
    if (locale === "easy") return `${names}の${opens}から${closes}まで`;
    return locale === "en" ? `${names} ${opens}–${closes}` : `${names} ${opens}〜${closes}`;
  });
  return parts.join(locale === "en" ? "; " : "、");
}

const monthDayIn = (locale: Locale, monthDay: string): string => {
  const [month = 1, day = 1] = monthDay.split("-").map(Number);
  const date = new Date(Date.UTC(2024, month - 1, day));
  return locale === "en"
    ? date.toLocaleDateString("en-GB", { day: "numeric", month: "long", timeZone: "UTC" })
    : `${month}月${day}日`;
};

/** What is closed, as words in a row: ["土日", "祝日", "年末年始"]. The year's end with its days in easy Japanese and English. */
function closings(locale: Locale, { hours, values }: Settings): string[] {
  const closed = weekdays.filter((day) => hours[day] === null);
  const weekly =
    locale === "en"
      ? closed.map((day) => `${english[day]}s`)
      : locale === "easy"
        ? closed.map((day) => `${letters[day]}曜日`)
        : closed.length > 0
          ? [closed.join() === "sat,sun" ? "土日" : `${closed.map((day) => letters[day]).join("・")}曜`]
          : [];
  const { year_end: end } = values;
  const atYearEnd = end && {
    ja: "年末年始",
    easy: `${monthDayIn("easy", end.from)}から${monthDayIn("easy", end.to)}`,
    en: `from ${monthDayIn("en", end.from)} to ${monthDayIn("en", end.to)}`,
  };
  const holidays = { ja: "祝日", easy: "祝日", en: "public holidays" };
  return [
    ...weekly,
    ...(values.closed_on_holidays ? [holidays[locale]] : []),
    ...(atYearEnd ? [atYearEnd[locale]] : []),
  ];
}

/** Opening hours with the days that are closed: "平日 10:00〜17:00（土日・祝日・年末年始はお休み）". */
export function hoursLabel(locale: Locale, settings: Settings): string {
  const times = openingTimes(locale, settings);
  const all = closings(locale, settings);
  if (locale === "ja") return all.length > 0 ? `${times}（${all.join("・")}はお休み）` : times;
  // The days of the week are said by the times already.
  const closed = all.filter((name) => !/曜日$|days$/u.test(name) || name === "public holidays");
  if (closed.length === 0) return times;
  return locale === "easy"
    ? `${times}（${closed.join("と")}は休みです）`
    : `${times} (closed ${closed.map((name) => (name === "public holidays" ? `on ${name}` : name)).join(" and ")})`;
}

/** "土日・祝日・年末年始をのぞく3日以内": the days within which an answer is promised. */
export function withinDays(settings: Settings): string {
  const closed = closings("ja", settings).join("・");
  return `${closed && `${closed}をのぞく`}${settings.replyDays}日以内`;
}

/** The hour after which something counts as of the next day, where every day has the same: "17:00". */
export function cutOff(locale: Locale, settings: Settings): string {
  const times = [...new Set(groupsOf(settings).map(({ closes }) => closes))];
  if (times.length === 1 && times[0] !== undefined) return times[0];
  return { ja: "その日の受付時間", easy: "その日の受付時間", en: "our closing time that day" }[locale];
}

/**
 * How somebody who needs us at once reaches us, as the end of a sentence: by telephone or, of an organisation without one,
 * by mail: "お電話ください", "call us".
 */
export function contactUs(locale: Locale, { phone, values }: Settings): string {
  const address = values["mail_from.address"];
  if (phone !== "") return { ja: "お電話ください", easy: "電話してください", en: "call us" }[locale];
  return {
    ja: `${address} へメールでご連絡ください`,
    easy: `${address} にメールを送ってください`,
    en: `write to ${address}`,
  }[locale];
}

/** The number with the hours, behind `contactUs`: "086-000-0000（平日 …）"; empty without a telephone. */
export function numberAndHours(locale: Locale, settings: Settings): string {
  const { phone } = settings;
  if (phone === "") return "";
  return locale === "en"
    ? `: ${phone} (in Japanese; ${openingTimes("en", settings)})`
    : `${phone}（${hoursLabel(locale, settings)}）`;
}

/** The address that dials a number as people read it: "086-000-0000", "#8000". */
export const telephoneLink = (number: string): string => `tel:${number.replaceAll("-", "").replace("#", "%23")}`;

/** What a day is called on which somebody answers. */
export const dayOfWork = (settings: Settings): string =>
  isWorkingWeek(weekdays.filter((day) => settings.hours[day] !== null)) && settings.values.closed_on_holidays
    ? "平日"
    : "受付日";

/** The prefecture that is served: "岡山県", "Okayama Prefecture"; empty where none is given. */
export function areaIn(locale: Locale, { values }: Settings): string {
  const prefecture = findPrefecture(values.prefecture);
  if (prefecture === undefined) return "";
  return locale === "en" ? fullEnglish(prefecture) : prefecture.name;
}

/** The name of a stored place for staff: with its prefecture where it is not the one served; empty where none was given. */
export const placeOf = (code: string | null): string =>
  code === null ? "" : answerName(code, [settings().values.prefecture]);

/**
 * What a form offers as the place where somebody lives: the municipalities served on a day (YYYY-MM-DD), and elsewhere.
 * Code → name.
 */
export function municipalityChoices(locale: Locale, { values }: Settings, day: string): Record<string, string> {
  const { prefecture, municipalities } = values;
  const all = municipalitiesOf(prefecture, day);
  const served = all.filter(({ code }) => municipalities.length === 0 || municipalities.includes(code));
  return Object.fromEntries([
    ...municipalityOptions(served, locale),
    [elsewhere, elsewhereLabel(prefecture === "" ? [] : [prefecture], locale)],
  ]);
}
