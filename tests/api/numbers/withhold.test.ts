import fc from "fast-check";
import { expect, test } from "vitest";
import { withholdNumbers } from "#api/numbers/withhold.ts";

/** As many answers as this, one after each of the days in turn. */
const days = (count: number) => Array.from({ length: count }, (_, at) => at % 5);
const counted = (consultations: number, guides: number, inTime: number, answered = consultations) => ({
  ...{ consultations, guides, inTime, answerDays: days(answered) },
});
const told = (...counts: Parameters<typeof counted>) => {
  const { consultations, guides, inTime, halfWithinDays } = withholdNumbers(counted(...counts), 10);
  return [consultations, guides, inTime, halfWithinDays];
};

test("a count is told unless it is small, or what is left of it is", () => {
  expect(told(40, 10, 30)).toEqual([40, 10, 30, 2]);
  expect(told(40, 9, 10)).toEqual([40, "few", 10, 2]);
  expect(told(40, 0, 9)).toEqual([40, 0, "few", 2]);
  expect(told(40, 0, 31)).toEqual([40, 0, "nearly_all", 2]);
  expect(told(40, 0, 39)).toEqual([40, 0, "nearly_all", 2]);
  expect(told(40, 0, 40)).toEqual([40, 0, 40, 2]);
  expect(told(40, 0, 0)).toEqual([40, 0, 0, 2]);
});

test("of few consultations nothing is told, and of few answers no time", () => {
  expect(told(9, 12, 9)).toEqual(["few", 12, "withheld", null]);
  expect(told(0, 12, 0)).toEqual([0, 12, "withheld", null]);
  expect(told(10, 12, 10, 9)).toEqual([10, 12, 10, null]);
  expect(told(10, 12, 10, 10)).toEqual([10, 12, 10, 2]);
});

test("where it would say how many, no word is said for a small count", () => {
  // Of 11, "nearly all" could be 10 alone.
  expect(told(11, 0, 10)).toEqual([11, 0, "withheld", 2]);
  expect(told(11, 0, 1)).toEqual([11, 0, "withheld", 2]);
  expect(told(18, 0, 10)).toEqual([18, 0, "withheld", 2]);
  expect([told(19, 0, 9)[2], told(19, 0, 10)[2], told(19, 0, 18)[2]]).toEqual(["few", "nearly_all", "nearly_all"]);
});

test("half of an even and of an odd number of answers", () => {
  const half = (...answerDays: number[]) =>
    withholdNumbers({ consultations: 5, guides: 0, inTime: 5, answerDays }, 3).halfWithinDays;
  expect([half(0, 1, 2, 9), half(9, 0, 2, 1, 3), half(10, 9, 9)]).toEqual([1, 2, 9]);
});

test("whatever the counts, a small one could as well be any other small one", () => {
  const limits = fc.integer({ min: 3, max: 20 });
  const any = fc.record({ consultations: fc.nat(80), guides: fc.nat(80), late: fc.nat(80), answered: fc.nat(80) });
  fc.assert(
    fc.property(limits, any, (limit, { consultations, guides, ...rest }) => {
      const late = Math.min(rest.late, consultations);
      const answered = Math.min(rest.answered, consultations);
      const inTime = consultations - late;
      const isSmall = (count: number) => count > 0 && count < limit;
      const publish = (...counts: Parameters<typeof counted>) => withholdNumbers(counted(...counts), limit);
      const alike = Array.from({ length: limit - 1 }, (_, at) => at + 1).flatMap((other) => [
        ...(isSmall(guides) ? [publish(consultations, other, inTime, answered)] : []),
        ...(isSmall(consultations) ? [0, other].map((all) => publish(other, guides, all, all)) : []),
        ...(consultations >= limit && isSmall(late)
          ? [publish(consultations, guides, consultations - other, answered)]
          : []),
        ...(consultations >= limit && isSmall(inTime) ? [publish(consultations, guides, other, answered)] : []),
        ...(consultations >= limit && answered < limit ? [publish(consultations, guides, inTime, other)] : []),
      ]);
      const shown = publish(consultations, guides, inTime, answered);
      expect(alike).toEqual(alike.map(() => shown));
    }),
  );
});
