/** Why something was erased. */

/** Why something was erased: somebody asked for it, or the time for keeping it was over. */
export const erasureReason = {
  request: "ご本人の求め",
  retention: "保管期間の終わり",
} as const;

export type ErasureReason = keyof typeof erasureReason;

/** What staff typed into a form and have not sent is kept this many days. */
export const keepDraftDays = 30;
