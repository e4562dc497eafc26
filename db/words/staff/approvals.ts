/** What staff read about consent to publication. */

export const approvalWords = {
  givenLater: "同意をもらった日が、今日より後になっています。",
  isOver: "期限が、もう過ぎています。今日か、それより後の日を入力してください。",
  tooLong: (years: number) => `期限は、今日から${years}年までにしてください。そのあとは、もう一度うかがいます。`,
  noSite:
    "「このサイト」を選んでください。サイトに載せる同意でないと、サイトには出ません。ほかだけの同意は、紙のまま保管してください。",
  noSource: "元の文に、いま有効な同意がありません。先に、元の文の同意を記録してください。",
  noneLeft: "取り下げる同意は、もうありません。",
  revokedAlready: "このリンクは、もう取り消されています。",
  reference: "同意書の番号や、しまった場所を入力してください。",
  referenceLong: "120 文字までで入力してください。",
  givenBy: "同意した方のお名前を入力してください。",
  nameLong: "100 文字までで入力してください。",
  day: "日を、2027-03-31 のように入力してください。",
  reload: "画面を開き直してください。",
  place: "どこに載せたかを入力してください。",
  placeLong: "200 文字までで入力してください。",
  purposes: { approve: "掲載の確認のリンクを作る", look: "見るだけのリンクを作る" },
  mailText:
    "掲載する前の文をご確認ください。次のページで、「掲載してよい」か「直してほしい」をお知らせいただけます。お断りになっても、相談やお返事には何も影響しません。",
  answers: { approved: "掲載してよい", change: "直してほしい" },
  purpose: "リンクの使いみちを選んでください。",
} as const;

/** The register's views. */
export const registerWords = {
  valid: "いま有効",
  ending: "60日以内に終わる",
  ended: "終わった",
  withdrawn: "取り下げ",
  all: "すべて",
} as const;

/** What the page says after something was recorded, by the code in `?done=`. */
export const approvalNotices = {
  consent_recorded: "同意を記録しました。待っていた文は、もう出ています。",
  translation_recorded: "訳の確認を記録しました。元の文の同意が続くあいだ、出ます。",
  consent_withdrawn: "同意を取り下げました。サイトから、もう消えています。",
  link_made: "リンクを作りました。下の「リンク」から写して、送ってください。",
  link_revoked: "リンクを取り消しました。",
} as const;
