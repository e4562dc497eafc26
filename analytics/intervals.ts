/**
 * Confidence intervals of 95 % for rates and counts. Few consultations come of many clicks: without its interval a
 * rate of 1 in 3 would be ranked above one of 30 in 100.
 */

/** Both ends of an interval, in the unit of what it is an interval of. */
export interface Interval {
  low: number;
  high: number;
}

/** Below this many, a rate or a cost each is not shown and not ranked. */
export const fewerThan = 5;

/** The 97.5 % point of the normal distribution. */
const z = 1.959963984540054;

/**
 * Wilson's score interval (1927) of `part` of `whole`, as fractions of 1; undefined where `part` cannot be a part of
 * `whole`, or there is no whole.
 */
export function wilsonInterval(part: number, whole: number): Interval | undefined {
  if (whole <= 0 || part < 0 || part > whole) return undefined;
  const share = part / whole;
  const middle = (share + z ** 2 / (2 * whole)) / (1 + z ** 2 / whole);
  const half = (z / (1 + z ** 2 / whole)) * Math.sqrt((share * (1 - share)) / whole + z ** 2 / (4 * whole ** 2));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** Above this count Byar's approximation is exact to less than a thousandth, and the exact sums would be long. */
const exactUpTo = 100;

/** The interval of the mean of a Poisson distribution of which `count` was seen (Garwood 1936; above 100 Byar's). */
export function poissonInterval(count: number): Interval {
  if (count > exactUpTo) {
    const byar = (n: number, sign: 1 | -1) => n * (1 - 1 / (9 * n) + (sign * z) / (3 * Math.sqrt(n))) ** 3;
    return { low: byar(count, -1), high: byar(count + 1, 1) };
  }
  // Low: a mean with which `count` or more come in 2.5 % of cases. High: one with which `count` or fewer do.
  const low = count === 0 ? 0 : meanWhere((mean) => 1 - atMost(count - 1, mean) > 0.025);
  return { low, high: meanWhere((mean) => atMost(count, mean) < 0.025) };
}

/** The smallest mean for which `isBeyond`, which holds for all larger ones, by bisection. */
function meanWhere(isBeyond: (mean: number) => boolean): number {
  let [low, high] = [0, 2 * exactUpTo];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (isBeyond(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** The probability of `count` or fewer of a Poisson distribution. */
function atMost(count: number, mean: number): number {
  let term = Math.exp(-mean);
  let sum = term;
  for (let n = 1; n <= count; n++) {
    term *= mean / n;
    sum += term;
  }
  return sum;
}
