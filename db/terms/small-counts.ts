/** Counts as they are published: what would tell of a few is not in them any more. */

/** "few" and "nearly_all": fewer than the threshold are counted, or are not, and the number is withheld. */
export type ToldCount = number | "few" | "nearly_all";
