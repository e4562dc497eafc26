/** What a member of staff is notified of by mail, each to be switched off. */

export const noticeKind = {
  given: "相談の担当になったとき",
  handed_over: "相談を引き継いだとき",
  taken_over: "期限が過ぎた担当の相談を、ほかの人が引き受けたとき",
  helping: "相談の手伝いを頼まれたとき",
  brief: "手伝う相談で、ピアへの申し送りや見られる記録が新しくなったとき",
  family_wrote: "担当の相談に、ご家族から書き足しが届いたとき",
  overdue: "担当の相談で、お返事の期限が過ぎたとき",
  mail_refused: "担当の相談で、ご家族へのメールが届かなかったとき",
} as const;

export type NoticeKind = keyof typeof noticeKind;
