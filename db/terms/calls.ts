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

/** The same as the fields of a form. */
export interface CallFields {
  call_as?: keyof typeof callAs | undefined;
  call_message?: keyof typeof callMessage | undefined;
  call_when?: string | undefined;
  call_who?: string | undefined;
}

/** Wishes from the fields of a form; undefined where none was said. */
export function callWishes({ call_as, call_message, call_when, call_who }: CallFields): CallWishes | undefined {
  const wishes = { as: call_as, message: call_message, when: call_when, who: call_who };
  return Object.values(wishes).some((wish) => wish !== undefined) ? wishes : undefined;
}

/** The fields of a form from wishes. */
export const callFields = ({ as, message, when, who }: CallWishes = {}): CallFields => ({
  call_as: as,
  call_message: message,
  call_when: when,
  call_who: who,
});
