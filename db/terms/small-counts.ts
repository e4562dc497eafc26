/** Counts as they are published: what would tell of a few is not in them any more. */

/**
 * "few" and "nearly_all": fewer than the threshold are counted, or are not. "withheld": some are and some are not, and
 * there are so few of both that either word would say how many.
 */
export type PublishedCount = number | "few" | "nearly_all" | "withheld";
