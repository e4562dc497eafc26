/** What somebody wishes of our calls, who must not be overheard: for those who choose a call as the way to be answered. */

/** Whether whoever answers may learn who calls. */
export const callAs = {
  organisation: "団体の名前を言ってよい",
  name: "団体の名前は言わず、担当者の名前だけで",
} as const;

/** Whether something may be left on an answering machine. */
export const callMessage = {
  yes: "留守番電話に残してよい",
  no: "留守番電話に残さない",
} as const;

/** As it lies sealed beside the number; nothing of it is asked for, and an absent answer is none. */
export interface CallWishes {
  as?: keyof typeof callAs | undefined;
  message?: keyof typeof callMessage | undefined;
  /** When to call, in their own words. */
  when?: string | undefined;
  /** Who else may answer, in their own words. */
  who?: string | undefined;
}
