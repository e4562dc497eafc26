import { describe, expect, test } from "vitest";
import { PageTime } from "#api/pages/page-time.ts";

const at = (moment: string) => new PageTime(new Date(`${moment}+09:00`));
const moment = (ms: number) => (ms === Infinity ? undefined : new Date(ms + 9 * 3_600_000).toISOString().slice(0, 16));

test.each([
  ["Friday, a minute before opening", "2026-11-20T09:59", ["今日", "今日", "today"], "2026-11-20T10:00"],
  ["the minute of opening", "2026-11-20T10:00", ["", "", ""], "2026-11-20T17:00"],
  ["the last minute", "2026-11-20T16:59", ["", "", ""], "2026-11-20T17:00"],
  [
    "closed, a weekend and a holiday ahead",
    "2026-11-20T17:00",
    ["11月24日（火）", "11月24日（火）", "Tuesday 24 November"],
    "2026-11-21T00:00",
  ],
  ["the holiday, the day before", "2026-11-23T12:00", ["あした", "あした", "tomorrow"], "2026-11-24T00:00"],
  ["the night before", "2026-11-24T00:00", ["今日", "今日", "today"], "2026-11-24T10:00"],
  [
    "the year-end closing",
    "2026-12-29T12:00",
    ["1月4日（月）", "1月4日（月）", "Monday 4 January"],
    "2026-12-30T00:00",
  ],
])("the phone's hours, %s", (_, now, words, until) => {
  const time = at(now);
  expect((["ja", "easy", "en"] as const).map((locale) => time.opensOn(locale))).toEqual(words);
  expect([moment(time.trueUntil), moment(time.showUntil)]).toEqual([until, undefined]);
});

test.each([
  ["while somebody answers", "2026-11-19T12:00", "2026-11-25", "2026-11-19T17:00"],
  ["after the last minute, with a weekend and a holiday ahead", "2026-11-19T17:00", "2026-11-26", "2026-11-20T00:00"],
])("the day of an answer to whoever writes now, %s", (_, now, day, until) => {
  const time = at(now);
  expect([time.replyBy(), moment(time.trueUntil), moment(time.showUntil)]).toEqual([day, until, undefined]);
});

describe("a last day", () => {
  test("lasts until midnight in Japan, and not a millisecond longer", () => {
    expect(at("2026-12-05T23:59:59.999").isThrough("2026-12-05")).toBe(true);
    expect(at("2026-12-06T00:00").isThrough("2026-12-05")).toBe(false);
  });

  test("changes the page at its end, and once it is over never again", () => {
    const time = at("2026-12-05T12:00");
    time.isThrough("2026-12-05");
    time.isThrough("2027-01-01");
    expect([moment(time.trueUntil), moment(time.showUntil)]).toEqual(["2026-12-06T00:00", undefined]);
    const later = at("2026-12-06T12:00");
    later.isThrough("2026-12-05");
    expect(moment(later.trueUntil)).toBeUndefined();
  });

  test("of a consent is the last on which the page may be shown at all, the earliest of several", () => {
    const time = at("2026-12-05T12:00");
    expect([time.isConsented("2027-03-31"), time.isConsented("2026-12-31"), time.isConsented("2026-12-04")]).toEqual([
      true,
      true,
      false,
    ]);
    expect(moment(time.showUntil)).toBe("2027-01-01T00:00");
    expect(moment(time.trueUntil)).toBe("2027-01-01T00:00");
  });
});
