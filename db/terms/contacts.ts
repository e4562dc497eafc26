/** The parts of how a family is reached, as the timeline names them after a correction. */

export const contactField = {
  email: "メールアドレス",
  phone: "電話番号",
  name: "お名前",
  reply_by: "返し方",
} as const;

export type ContactField = keyof typeof contactField;
