/** Moments that a clock noted which was wrong. */

/** Clocks are set right by seconds, or by hours where a time zone was wrong. */
const toleratedMs = 86_400_000;

/** Whether a moment of the past lies ahead, since the clock that noted it did: it tells nothing of how old a thing is. */
export const isAhead = (at: Date, now: Date): boolean => at.getTime() - now.getTime() > toleratedMs;
