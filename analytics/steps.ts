/** Long computations in slices, so that they do not block the event loop and the requests waiting on it. */

import { setImmediate } from "node:timers/promises";

/** Milliseconds of work before the event loop runs other callbacks; a request waits a few of these at most. */
const sliceMs = 8;

/** Calls `act` for each item, and yields to the event loop every `sliceMs`. */
export async function inSteps<T>(items: Iterable<T>, act: (item: T) => void): Promise<void> {
  let since = performance.now();
  for (const item of items) {
    act(item);
    if (performance.now() - since < sliceMs) continue;
    await setImmediate();
    since = performance.now();
  }
}

/** Sorted like `toSorted`, equal items in their old order, and in steps. */
export async function sortInSteps<T>(items: T[], compare: (a: T, b: T) => number): Promise<T[]> {
  let runs: T[][] = [];
  const starts = Array.from({ length: Math.ceil(items.length / run) }, (_, at) => at * run);
  await inSteps(starts, (start) => runs.push(items.slice(start, start + run).toSorted(compare)));
  while (runs.length > 1) {
    const longer: T[][] = [];
    for (let at = 0; at < runs.length; at += 2) longer.push(await merge(runs[at] ?? [], runs[at + 1] ?? [], compare));
    runs = longer;
  }
  return runs[0] ?? [];
}

/** Items sorted at once; a thousand take a millisecond. */
const run = 1000;

async function merge<T>(a: T[], b: T[], compare: (a: T, b: T) => number): Promise<T[]> {
  const merged: T[] = [];
  let at = 0;
  await inSteps(a, (item) => {
    while (at < b.length && compare(b[at] as T, item) < 0) merged.push(b[at++] as T);
    merged.push(item);
  });
  return merged.concat(b.slice(at));
}
