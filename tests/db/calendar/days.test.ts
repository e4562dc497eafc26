import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  dayAfter,
  dayOf,
  isOnCalendar,
  formatDate,
  formatDay,
  formatDateTime,
  wallClock,
  weekdayOf,
} from "#db/calendar/days.ts";

const instants = fc.date({
  min: new Date("1952-01-01T00:00:00Z"),
  max: new Date("2099-12-31T00:00:00Z"),
  noInvalidDate: true,
});
const parts = (instant: Date) =>
  Object.fromEntries(
    new Intl.DateTimeFormat("ja-JP-u-hc-h23", {
      timeZone: "Asia/Tokyo",
      ...{ year: "numeric", month: "2-digit", day: "2-digit", weekday: "short", hour: "2-digit", minute: "2-digit" },
    } as Intl.DateTimeFormatOptions)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );

test("the wall clock is the one that the world's calendars show in Tokyo", () => {
  fc.assert(
    fc.property(instants, (instant) => {
      const { year, month, day, weekday, hour, minute } = parts(instant);
      expect(wallClock(instant)).toBe(`${year}-${month}-${day}T${hour}:${minute}`);
      expect(formatDateTime(instant)).toBe(`${year}/${month}/${day}(${weekday}) ${hour}:${minute}`);
      expect(formatDay(dayOf(instant))).toBe(`${Number(month)}月${Number(day)}日（${weekday}）`);
      expect(formatDate(dayOf(instant))).toBe(`${year}年${Number(month)}月${Number(day)}日`);
    }),
  );
});

test("a day begins at midnight in Tokyo", () => {
  expect(["2026-11-20T14:59:59Z", "2026-11-20T15:00:00Z"].map((text) => dayOf(new Date(text)))).toEqual([
    "2026-11-20",
    "2026-11-21",
  ]);
});

test("going on and back comes home, over leap days and the turn of the year", () => {
  expect([dayAfter("2028-02-28"), dayAfter("2028-02-29"), dayAfter("2026-12-31"), dayAfter("2026-03-01", -1)]).toEqual([
    "2028-02-29",
    "2028-03-01",
    "2027-01-01",
    "2026-02-28",
  ]);
  fc.assert(
    fc.property(instants, fc.integer({ min: -4000, max: 4000 }), (instant, days) => {
      const day = dayOf(instant);
      expect(dayAfter(dayAfter(day, days), -days)).toBe(day);
      expect(weekdayOf(dayAfter(day, 7))).toBe(weekdayOf(day));
    }),
  );
});

test("knows which days there are", () => {
  const days = ["2026-09-30", "2026-09-31", "2026-02-29", "2028-02-29", "2026-13-01", "2026-00-10", "then", ""];
  expect(days.filter(isOnCalendar)).toEqual(["2026-09-30", "2028-02-29"]);
});
