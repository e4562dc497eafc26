/** Roles of staff (who may do what: the domain functions). */

export const role = {
  manager: "管理者",
  coordinator: "相談コーディネーター",
  peer: "ピアサポーター",
  fundraiser: "広報・寄付担当",
  analyst: "分析担当",
} as const;

export type Role = keyof typeof role;

/** Whose cases 「きょう」 lists. */
export const todayChoice = { me: "自分", all: "みんな" } as const;

export type TodayChoice = keyof typeof todayChoice;
