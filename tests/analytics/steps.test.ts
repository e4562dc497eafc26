import fc from "fast-check";
import { expect, test } from "vitest";
import { inSteps, sortInSteps } from "#analytics/steps.ts";

test("long work lets others have their turn before it ends", async () => {
  const order: string[] = [];
  const work = inSteps([1, 2, 3, 4], (n) => {
    for (const since = performance.now(); performance.now() - since < 10;);
    order.push(`step ${n}`);
  });
  setImmediate(() => order.push("a family's page"));
  await work;
  expect(order).toHaveLength(5);
  expect(order.at(-1)).toBe("step 4");
});

test("sorting in steps is sorting, ties in their old order", async () => {
  const items = fc.array(fc.record({ weight: fc.nat(5), at: fc.nat() }), { minLength: 900, maxLength: 4100 });
  const compare = (a: { weight: number }, b: { weight: number }) => a.weight - b.weight;
  for (const some of fc.sample(items, 20)) {
    const [sorted, expected] = [await sortInSteps(some, compare), some.toSorted(compare)];
    expect(sorted.findIndex((item, at) => item !== expected[at])).toBe(-1);
    expect(sorted).toHaveLength(some.length);
  }
  expect(await sortInSteps([], compare)).toEqual([]);
});
