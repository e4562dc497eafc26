/** Kinds and states of messages and newsletters. */

export const deliveryKind = {
  receipt: "相談の受付メール",
  staff_notice: "職員への通知",
  reply_notice: "お返事のお知らせ",
  guide_link: "資料のご案内",
  confirmation: "メルマガの登録確認",
  newsletter: "メルマガ",
  newsletter_test: "メルマガの試し送り",
  invitation: "職員の招待",
  sign_in_notice: "ログインの失敗のお知らせ",
  personal_notice: "担当者への通知",
  monthly_summary: "キーワードの月のまとめ",
  approval_answer: "掲載の確認へのお返事",
  consents_ending: "掲載の同意の期限",
  backups_late: "バックアップの遅れ",
} as const;

/** The kinds that go to a family that asked for help. */
export const familyKind = { receipt: deliveryKind.receipt, reply_notice: deliveryKind.reply_notice } as const;

/** The life of a message; `uncertain`: the connection died after the text was handed over. */
export const deliveryState = {
  queued: "送信待ち",
  leased: "送信中",
  accepted: "送信済み",
  retry: "再送待ち",
  failed: "届かなかった",
  uncertain: "届いたか不明",
  suppressed: "送信停止の宛先",
  cancelled: "取りやめ",
} as const;

/** Of the `cancelled` messages of an issue: those of readers who had left when their turn came, which nobody cancelled. */
export const leftBeforeSending = "送る前にやめた方";

/** What one list is to one reader. `held`: confirmed, but nothing may be mailed to the address; `lapsed`: not confirmed in time. */
export const listState = {
  reading: "読んでいる",
  held: "送信を止めている",
  waiting: "確認待ち",
  lapsed: "確認されず期限切れ",
  left: "やめた",
} as const;

export type ListState = keyof typeof listState;

/** Why somebody stops reading, asked once and only afterwards. */
export const unsubscribeReason = {
  too_many: "届く回数が多い",
  not_for_me: "知りたいことと合わない",
  settled: "暮らしや状況が変わった",
  hard_to_read: "読むのがつらい",
  not_me: "申し込んだ覚えがない",
  other: "その他",
} as const;

/** The life of an issue. `scheduled`: begins at its time and can be stopped until then; `paused`: nothing more goes out until somebody resumes it; `cancelled`: stopped in the middle, for good. */
export const newsletterState = {
  draft: "下書き",
  scheduled: "送信の予約",
  sending: "送信中",
  paused: "一時停止",
  sent: "送信済み",
  cancelled: "途中で取りやめ",
} as const;

export type NewsletterState = keyof typeof newsletterState;

export type DeliveryKind = keyof typeof deliveryKind;

export type FamilyKind = keyof typeof familyKind;

export const isToFamily = (kind: DeliveryKind): kind is FamilyKind => Object.hasOwn(familyKind, kind);

export type DeliveryState = keyof typeof deliveryState;
