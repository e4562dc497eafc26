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

/** Fields of a form, and of the contact that lies sealed; nobody is asked for them, and an absent one is no wish. */
export interface CallWishes {
  call_as?: keyof typeof callAs | undefined;
  call_message?: keyof typeof callMessage | undefined;
  /** When to call, in their own words. */
  call_when?: string | undefined;
  /** Who else may answer, in their own words. */
  call_who?: string | undefined;
}

/** Each wish in a few words, for whoever is about to call. */
export const callWishesInWords = ({ call_as, call_message, call_when, call_who }: CallWishes): string[] => [
  ...(call_as === undefined ? [] : [callAs[call_as]]),
  ...(call_message === undefined ? [] : [callMessage[call_message]]),
  ...(call_when?.trim() ? [`出やすいとき: ${call_when}`] : []),
  ...(call_who?.trim() ? [`ほかに出てもよい方: ${call_who}`] : []),
];
