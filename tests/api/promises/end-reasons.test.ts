import { expect, test } from "vitest";
import { daysTried, endReasons } from "#api/promises/end-reasons.ts";

/** Attempts at these moments of November 2026, in Japan. */
const at = (...moments: string[]) => moments.map((moment) => ({ at: new Date(`2026-11-${moment}:00+09:00`) }));
const [first, last] = [0, -1].map(
  (place) => (attempts: ReturnType<typeof at>) => Object.entries(endReasons(attempts)).at(place),
);

test("days are counted by the calendar of Japan, several attempts on a day as one", () => {
  expect(daysTried(at("17T09:00", "17T23:59", "18T00:00"))).toBe(2);
});

test("連絡がつかない is offered first from the third day on, and before that says how many there were", () => {
  expect(last?.(at())).toEqual([
    "unreachable",
    "連絡がつかない（まだ電話や訪問の記録がありません。3日かけてからが目安です）",
  ]);
  expect(last?.(at("17T09:00", "17T18:00", "18T09:00"))).toEqual([
    "unreachable",
    "連絡がつかない（電話や訪問は、まだ2日。3日かけてからが目安です）",
  ]);
  expect(first?.(at("17T09:00", "18T09:00", "20T09:00"))).toEqual(["unreachable", "連絡がつかない（3日かけました）"]);
});

test("every reason can be chosen at any time", () => {
  for (const attempts of [at(), at("17T09:00", "18T09:00", "20T09:00")])
    expect(Object.keys(endReasons(attempts)).toSorted()).toEqual([
      ...["not_needed", "other_case", "other_desk", "prank", "unreachable"],
    ]);
});
