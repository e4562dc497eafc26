import { expect, test } from "vitest";
import { lastClosed } from "#api/numbers/publish.ts";
import { dayAfter } from "#db/calendar/days.ts";
import { daysOf, quarterAfter, quarterOf } from "#db/terms/quarters.ts";

test("the fiscal year begins in April: its last quarter lies in the year after", () => {
  const quarters = Array.from({ length: 5 }, (_, at) => quarterAfter("2026-Q1", at));
  expect(quarters.map((quarter) => [quarter, daysOf(quarter)])).toEqual([
    ["2026-Q1", { from: "2026-04-01", to: "2026-06-30" }],
    ["2026-Q2", { from: "2026-07-01", to: "2026-09-30" }],
    ["2026-Q3", { from: "2026-10-01", to: "2026-12-31" }],
    ["2026-Q4", { from: "2027-01-01", to: "2027-03-31" }],
    ["2027-Q1", { from: "2027-04-01", to: "2027-06-30" }],
  ]);
  expect(quarterAfter("2026-Q1", -1)).toBe("2025-Q4");
});

test("every day lies in the quarter whose days it is among, and in no other", () => {
  for (let day = "2026-01-01"; day < "2029-01-01"; day = dayAfter(day)) {
    const quarter = quarterOf(day);
    const { from, to } = daysOf(quarter);
    expect([from <= day && day <= to, dayAfter(to)]).toEqual([true, daysOf(quarterAfter(quarter)).from]);
  }
});

test("a quarter is closed 14 days after its last one, at midnight in Tokyo", () => {
  expect(lastClosed(new Date("2026-07-14T23:59:59+09:00"))).toBe("2025-Q4");
  expect(lastClosed(new Date("2026-07-15T00:00:00+09:00"))).toBe("2026-Q1");
  expect(lastClosed(new Date("2027-01-14T23:59:59+09:00"))).toBe("2026-Q2");
  expect(lastClosed(new Date("2027-01-15T00:00:00+09:00"))).toBe("2026-Q3");
});
