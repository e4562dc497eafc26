/** Opening hours in words: what a family reads is what the calendar counts by. */

import { describe, expect, test } from "vitest";
import type { Hours } from "#db/settings/keys.ts";
import { type GivenValues, settingsFrom } from "#db/settings/settings.ts";
import { cutOff, hoursLabel, openingTimes, withinDays } from "#db/settings/wording.ts";

const day = (opens: string, closes: string) => ({ opens, closes });
const closed: Hours = { mon: null, tue: null, wed: null, thu: null, fri: null, sat: null, sun: null };
const of = (given: GivenValues) => settingsFrom(given, "real", 1);
const office = day("10:00", "17:00");

describe("opening hours", () => {
  test.each<[string, GivenValues, ja: string, easy: string, en: string]>([
    [
      "as most have them",
      {},
      "平日 10:00〜17:00（土日・祝日・年末年始はお休み）",
      "月曜日から金曜日の10:00から17:00まで（祝日と12月29日から1月3日は休みです）",
      "Weekdays 10:00–17:00 (closed on public holidays and from 29 December to 3 January)",
    ],
    [
      "from Tuesday to Saturday, on holidays too",
      {
        hours: { ...closed, tue: office, wed: office, thu: office, fri: office, sat: office },
        closed_on_holidays: false,
        year_end: null,
      },
      "火〜土 10:00〜17:00（月・日曜はお休み）",
      "火曜日から土曜日の10:00から17:00まで",
      "Tuesday to Saturday 10:00–17:00",
    ],
    [
      "different on two days",
      { hours: { ...closed, mon: day("09:00", "12:00"), wed: day("09:00", "12:00"), fri: day("13:00", "20:00") } },
      "月・水 09:00〜12:00、金 13:00〜20:00（火・木・土・日曜・祝日・年末年始はお休み）",
      "月曜日と水曜日の09:00から12:00まで、金曜日の13:00から20:00まで（祝日と12月29日から1月3日は休みです）",
      "Monday, Wednesday 09:00–12:00; Friday 13:00–20:00 (closed on public holidays and from 29 December to 3 January)",
    ],
  ])("%s", (_, given, ja, easy, en) => {
    const settings = of(given);
    expect([hoursLabel("ja", settings), hoursLabel("easy", settings), hoursLabel("en", settings)]).toEqual([
      ja,
      easy,
      en,
    ]);
  });

  test("without closings say the times alone", () => {
    const settings = of({ year_end: null, closed_on_holidays: false });
    expect(openingTimes("ja", settings)).toBe("月〜金 10:00〜17:00");
    expect(hoursLabel("en", settings)).toBe("Weekdays 10:00–17:00");
  });
});

test("the promise names what is not counted, and nothing where every day counts", () => {
  expect(withinDays(of({ reply_days: 5 }))).toBe("土日・祝日・年末年始をのぞく5日以内");
  const always = Object.fromEntries(Object.keys(closed).map((name) => [name, office])) as Hours;
  expect(withinDays(of({ hours: always, closed_on_holidays: false, year_end: null }))).toBe("3日以内");
});

test("the hour after which the next day counts is named where all days have the same", () => {
  expect(cutOff("ja", of({}))).toBe("17:00");
  expect(cutOff("en", of({ hours: { ...closed, mon: office, tue: day("13:00", "20:00") } }))).toBe(
    "our closing time that day",
  );
});
