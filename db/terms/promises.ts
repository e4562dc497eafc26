/** How a promise of an answer ends without one. */

/** Why staff end a promise that no answer kept. */
export const promiseEnd = {
  not_needed: "お返事は不要になった",
  other_desk: "別の窓口で対応した",
  other_case: "ほかの相談でお返事した",
  unreachable: "連絡がつかない",
  prank: "いたずら・営業だった",
} as const;

/** The same, with what the system ends by itself. */
export const promiseEndReason = { ...promiseEnd, erased: "記録を消去した" } as const;

export type PromiseEnd = keyof typeof promiseEnd;

/** Who acts next in a case: we owe an answer, we have yet to read, the family, or nobody any more. */
export const turn = {
  ours: "こちらの番",
  unread: "読むのを待っています",
  family: "ご家族の番",
  nobody: "",
} as const;

export type Turn = keyof typeof turn;
