import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { poissonInterval, wilsonInterval } from "#analytics/intervals.ts";
import { costEachOf, rateOf } from "#analytics/keywords/rates.ts";

const rounded = (interval: { low: number; high: number } | undefined) =>
  interval && [interval.low, interval.high].map((end) => Number(end.toFixed(4)));

describe("Wilson's interval", () => {
  // Newcombe 1998, Statistics in Medicine 17:857, table I, method 3.
  test.each([
    [81, 263, [0.2553, 0.3662]],
    [15, 148, [0.0624, 0.1605]],
    [0, 20, [0, 0.1611]],
    [1, 29, [0.0061, 0.1718]],
    [29, 29, [0.883, 1]],
  ])("%i of %i", (part, whole, ends) => expect(rounded(wilsonInterval(part, whole))).toEqual(ends));

  test.each([
    [0, 0],
    [3, 2],
    [-1, 5],
  ])("%i of %i is no rate", (part, whole) => expect(wilsonInterval(part, whole)).toBeUndefined());

  test("holds the rate, lies within 0 and 1, and narrows with more", () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(5000), (part, rest) => {
        const whole = part + rest;
        const interval = wilsonInterval(part, whole);
        if (!interval) {
          expect(whole).toBe(0);
          return;
        }
        expect(interval.low).toBeGreaterThanOrEqual(0);
        expect(interval.high).toBeLessThanOrEqual(1);
        expect(interval.low).toBeLessThanOrEqual(part / whole + 1e-12);
        expect(interval.high).toBeGreaterThanOrEqual(part / whole - 1e-12);
        const ten = wilsonInterval(part * 10, whole * 10);
        expect((ten?.high ?? 1) - (ten?.low ?? 0)).toBeLessThan(interval.high - interval.low);
      }),
    );
  });
});

describe("the interval of a count", () => {
  // Garwood 1936; the same as chi-square quantiles by half, and as R's poisson.test.
  test.each([
    [0, [0, 3.6889]],
    [1, [0.0253, 5.5716]],
    [5, [1.6235, 11.6683]],
    [10, [4.7954, 18.3904]],
    [50, [37.111, 65.9188]],
    [100, [81.364, 121.6268]],
  ])("%i", (count, ends) => expect(rounded(poissonInterval(count))).toEqual(ends));

  test("the approximation of large counts goes on where the exact one ends", () => {
    const [exact, near] = [poissonInterval(100), poissonInterval(101)];
    expect(near.low - exact.low).toBeCloseTo(0.9, 0);
    expect(near.high - exact.high).toBeCloseTo(1.1, 0);
    // R: poisson.test(400)$conf.int
    expect(poissonInterval(400).low).toBeCloseTo(361.76, 1);
    expect(poissonInterval(400).high).toBeCloseTo(441.18, 1);
  });
});

describe("too few to tell", () => {
  const sum = (consultations: number, doubtful = 0) => ({
    currency: "JPY",
    cost: 60_000_000_000n,
    ...{ consultations, doubtful },
  });

  test("four of anything have no rate and no cost each, five do", () => {
    expect(rateOf(4, 100)).toEqual({ count: 4, isTooFew: true });
    expect(rateOf(5, 100)).toEqual({ count: 5, percent: 5, low: 2.2, high: 11.2, isTooFew: false });
    expect(costEachOf(sum(4))).toEqual({ currency: "JPY", count: 4, isTooFew: true });
    // 60,000 by 11.6683 and by 1.6235.
    expect(costEachOf(sum(5))).toEqual({
      ...{ currency: "JPY", count: 5, each: "12000", isTooFew: false },
      ...{ low: "5142", high: "36958" },
    });
  });

  test("those that are still to be checked are not counted", () => {
    expect(costEachOf(sum(6, 2))).toMatchObject({ count: 4, isTooFew: true });
    expect(costEachOf(sum(6, 1))).toMatchObject({ count: 5, each: "12000" });
  });
});
