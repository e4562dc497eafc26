/** The parts of how a family is reached, as the timeline names them after a correction. */

export const contactField = {
  email: "メールアドレス",
  phone: "電話番号",
  name: "お名前",
  reply_by: "返し方",
  call_as: "電話で名乗ってよいか",
  call_message: "留守番電話",
  call_when: "電話に出やすいとき",
  call_who: "ほかに出てもよい方",
} as const;

export type ContactField = keyof typeof contactField;

/** In the order of the page. */
export const contactFields = Object.keys(contactField) as ContactField[];
