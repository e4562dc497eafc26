/** The life of a case and of its journal. */

export const caseState = {
  new: "未対応",
  open: "対応中",
  waiting: "ご家族待ち",
  closed: "終了",
} as const;

export const closureReason = {
  settled: "困りごとが落ち着いた",
  handed_over: "他の機関へ引き継いだ",
  no_answer: "連絡が取れない",
  not_a_case: "相談ではなかった（営業など）",
  test: "テスト（試しに送ったもの）",
  other: "その他",
} as const;

/** Closed for one of these, a request is no consultation: no report counts it. */
export const notCounted = ["not_a_case", "test"] as const satisfies (keyof typeof closureReason)[];

/** What a member of staff is to a case: one person is responsible, any number help. */
export const assignmentRole = { responsible: "担当", helper: "手伝い" } as const;

/** Who takes part in a contact written into the journal, and with whom. */
export const party = {
  family: "家族・本人",
  staff: "当団体の職員",
  medical: "医療機関",
  school: "学校",
  board_of_education: "教育委員会",
  health_centre: "保健所",
  city_office: "市区町村",
  consultation_support: "相談支援事業所",
  visiting_nurse: "訪問看護ステーション",
  welfare: "福祉施設・事業所",
  other: "その他",
} as const;

/** The channels that a person chooses for an entry. */
export const writtenChannel = {
  phone: "電話",
  email: "メール",
  visit: "訪問",
  meeting: "会議・面談",
  online: "オンライン",
  note: "メモ",
} as const;

/** The same, with what is only written by a handover itself. */
export const entryChannel = { ...writtenChannel, handover: "引き継ぎ" } as const;

/** What became of a call or a visit. Only `spoke`, from staff to the family, answers it; the others are attempts. */
export const entryOutcome = {
  spoke: "話せた",
  no_answer: "留守",
  left_message: "伝言",
} as const;

/** Channels on which somebody is reached or not; a mail and a note have no outcome. */
export const outcomeChannels = ["phone", "visit", "meeting", "online"] as const satisfies (keyof typeof entryChannel)[];

export type CaseState = keyof typeof caseState;
