import fc from "fast-check";
import { expect, test } from "vitest";
import { SeenRows } from "#analytics/ad-files/seen-rows.ts";

test("says of each number what a set says", () => {
  // Many numbers that fall into few slots, beside any others.
  const number = fc.oneof(
    fc.nat(50).map((n) => n * 2 ** 20),
    fc.maxSafeNat().map((n) => n % 2 ** 52),
  );
  fc.assert(
    fc.property(fc.array(number, { maxLength: 200 }), (numbers) => {
      const [seen, set] = [new SeenRows(), new Set<number>()];
      for (const one of numbers) {
        expect(seen.add(one)).toBe(set.has(one));
        set.add(one);
      }
    }),
  );
});

test("forgets none as it grows", () => {
  const seen = new SeenRows();
  const numbers = Array.from({ length: 40_000 }, (_, n) => n * 131_071);
  expect(numbers.some((one) => seen.add(one))).toBe(false);
  expect(numbers.every((one) => seen.add(one))).toBe(true);
});
