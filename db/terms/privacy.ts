/** Why something was erased. */

/** Why something was erased: somebody asked for it, the time for keeping it was over, or a reader's address was corrected. */
export const erasureReason = {
  request: "ご本人の求め",
  retention: "保管期間の終わり",
  correction: "アドレスの訂正",
} as const;

export type ErasureReason = keyof typeof erasureReason;

/** What staff typed into a form and have not sent is kept this many days. */
export const keepDraftDays = 30;

/** The address of somebody who never pressed the button in our confirmation mail is kept this many days after that mail. */
export const keepUnconfirmedDays = 14;

/** The address and the proof of consent of a reader who left are kept this many years after the last mail (特定電子メール法 施行規則). */
export const keepProofYears = 3;
