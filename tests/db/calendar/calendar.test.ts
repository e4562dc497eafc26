import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isBusinessDay, phoneHours, replyByDate } from "#db/calendar/calendar.ts";
import { dayOf } from "#db/calendar/days.ts";

test.each([
  ["a Friday", "2026-11-20", true],
  ["a Saturday", "2026-11-21", false],
  ["a Sunday", "2026-11-22", false],
  ["勤労感謝の日", "2026-11-23", false],
  ["敬老の日", "2026-09-21", false],
  ["the day between two holidays", "2026-09-22", false],
  ["秋分の日", "2026-09-23", false],
  ["the day after the silver week", "2026-09-24", true],
  ["振替休日 of 憲法記念日", "2026-05-06", false],
  ["the last day before the year-end closing", "2026-12-28", true],
  ["the first day of the closing", "2026-12-29", false],
  ["New Year's Eve", "2026-12-31", false],
  ["the last day of the closing", "2027-01-03", false],
  ["the first working day of the year", "2027-01-04", true],
])("%s, %s: business day %s", (_, day, expected) => {
  expect(isBusinessDay(day)).toBe(expected);
});

describe("the day by which we answer is three business days on", () => {
  test.each([
    ["Monday morning", "2026-11-16T10:00+09:00", "2026-11-19"],
    ["before we open", "2026-11-16T05:00+09:00", "2026-11-19"],
    ["the last minute", "2026-11-16T16:59:59+09:00", "2026-11-19"],
    ["the minute we close", "2026-11-16T17:00+09:00", "2026-11-20"],
    ["just before midnight in Japan", "2026-11-16T23:59:59+09:00", "2026-11-20"],
    ["midnight in Japan, still the day before in UTC", "2026-11-17T00:00+09:00", "2026-11-20"],
    ["midnight in UTC, nine in the morning in Japan", "2026-11-17T00:00Z", "2026-11-20"],
    ["Friday at noon, a holiday on Monday", "2026-11-20T12:00+09:00", "2026-11-26"],
    ["Friday evening", "2026-11-20T20:00+09:00", "2026-11-27"],
    ["Saturday", "2026-11-21T12:00+09:00", "2026-11-27"],
    ["the holiday itself", "2026-11-23T12:00+09:00", "2026-11-27"],
    ["before the silver week", "2026-09-18T12:00+09:00", "2026-09-28"],
    ["the last day of the year we work", "2026-12-28T12:00+09:00", "2027-01-06"],
    ["its evening", "2026-12-28T18:00+09:00", "2027-01-07"],
    ["the closing", "2026-12-31T12:00+09:00", "2027-01-07"],
    ["New Year in Japan, the old year in UTC", "2026-12-31T15:00Z", "2027-01-07"],
  ])("%s, %s → %s", (_, instant, expected) => {
    expect(replyByDate(new Date(instant))).toBe(expected);
  });

  test("is always a business day, later, with at least three business days to work in, and never earlier for who wrote later", () => {
    const instants = fc.date({ min: new Date("2024-01-01"), max: new Date("2035-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(instants, fc.nat(5_000_000_000), (instant, later) => {
        const day = replyByDate(instant);
        expect(isBusinessDay(day)).toBe(true);
        const between: string[] = [];
        for (let at = instant.getTime() + 86_400_000; dayOf(new Date(at)) <= day; at += 86_400_000)
          between.push(dayOf(new Date(at)));
        expect([3, 4]).toContain(between.filter(isBusinessDay).length);
        expect(replyByDate(new Date(instant.getTime() + later)) >= day).toBe(true);
      }),
    );
  });
});

describe("the phone", () => {
  test.each([
    ["a working day at noon", "2026-11-20T12:00+09:00", undefined],
    ["the minute it opens, one in the morning in UTC", "2026-11-20T01:00Z", undefined],
    ["a second before", "2026-11-20T09:59:59+09:00", "2026-11-20"],
    ["midnight in Japan", "2026-11-20T00:00+09:00", "2026-11-20"],
    ["the last second", "2026-11-20T16:59:59+09:00", undefined],
    ["the minute it closes", "2026-11-20T17:00+09:00", "2026-11-24"],
    ["Saturday at noon", "2026-11-21T12:00+09:00", "2026-11-24"],
    ["a holiday at noon", "2026-11-23T12:00+09:00", "2026-11-24"],
    ["the silver week", "2026-09-19T12:00+09:00", "2026-09-24"],
    ["the evening before the year-end closing", "2026-12-28T18:00+09:00", "2027-01-04"],
    ["New Year's Day", "2027-01-01T12:00+09:00", "2027-01-04"],
  ])("%s, %s: opens %s", (_, instant, opensOn) => {
    expect(phoneHours(new Date(instant))).toMatchObject(
      opensOn === undefined ? { isOpen: true } : { isOpen: false, opensOn },
    );
  });

  test("asked of in any order, each minute has its own answer", () => {
    const at = (time: string) => phoneHours(new Date(`2026-11-20T${time}+09:00`)).isOpen;
    expect(["09:59", "10:00", "09:59", "16:59", "17:00", "16:59"].map(at)).toEqual([
      false,
      true,
      false,
      true,
      false,
      true,
    ]);
  });
});

test("the server's own time zone changes nothing", () => {
  const { TZ } = process.env;
  try {
    for (const zone of ["Pacific/Kiritimati", "Asia/Tokyo", "Pacific/Pago_Pago"]) {
      process.env["TZ"] = zone;
      expect([zone, isBusinessDay("2026-11-23"), isBusinessDay("2026-11-24")]).toEqual([zone, false, true]);
    }
  } finally {
    if (TZ === undefined) delete process.env["TZ"];
    else process.env["TZ"] = TZ;
  }
});
