import { formatDay } from "#db/calendar/days.ts";
import { env } from "#db/env.ts";
import type { replyBy } from "#db/terms/consultation.ts";
import { automaticHeaders, type MailContent, mailContent } from "./mail-content.ts";

/**
 * The notice of a new consultation, to those who get notices; in Japanese. It says where to read it and by when to
 * answer, and must not hold a word of it, nor the name. `replyByDate`: a day, YYYY-MM-DD.
 */
export function staffNoticeMail(of: {
  caseId: string;
  replyBy: keyof typeof replyBy;
  replyByDate: string;
}): Promise<MailContent> {
  const due = of.replyBy === "none" ? "なし" : formatDay(of.replyByDate);
  return mailContent(
    `新しい相談が届きました（回答期限 ${due}）`,
    [
      "新しい相談が届きました。内容は、ログインしてからご覧ください。",
      { facts: [["回答期限", due]] },
      { button: "相談を開く", link: `${env.PUBLIC_ORIGIN}/staff/cases/${of.caseId}` },
    ],
    automaticHeaders,
  );
}

/** The notice that a family has written more, to those who get notices; in Japanese. The same must not be in it. */
export function additionNoticeMail(of: { caseId: string; replyByDate: string | null }): Promise<MailContent> {
  const due = of.replyByDate === null ? "なし" : formatDay(of.replyByDate);
  return mailContent(
    `書き足しが届きました（回答期限 ${due}）`,
    [
      "ご家族から書き足しが届きました。内容は、ログインしてからご覧ください。",
      { facts: [["回答期限", due]] },
      { button: "相談を開く", link: `${env.PUBLIC_ORIGIN}/staff/cases/${of.caseId}` },
    ],
    automaticHeaders,
  );
}

const register = () => `${env.PUBLIC_ORIGIN}/staff/consents`;

/** To whoever asked by a link: an answer is there. */
export const approvalAnswerMail = (): Promise<MailContent> =>
  mailContent(
    "掲載の確認に、お返事が届きました",
    [
      "掲載してよいかをうかがった方から、お返事が届きました。内容は、ログインしてからご覧ください。",
      { button: "掲載の同意の一覧", link: register() },
    ],
    automaticHeaders,
  );

/** To whoever keeps an entry whose consent ends within 60 days. */
export const consentsEndingMail = (): Promise<MailContent> =>
  mailContent(
    "掲載の同意の期限が近づいています",
    [
      "60日以内に終わる掲載の同意があります。期限を過ぎると、その文や写真は、自動でサイトから消えます。",
      "続けて載せるときは、内容の画面から確認のリンクをもう一度お送りするか、紙で同意をいただいて記録してください。",
      { button: "60日以内に終わる同意", link: `${register()}?show=ending` },
    ],
    automaticHeaders,
  );

/** To the managers, when the newest backup is too old (api/backup-health/health.ts). */
export const backupsLateMail = (): Promise<MailContent> =>
  mailContent(
    "バックアップが、とれていません",
    [
      "相談の記録のバックアップが、しばらくとれていません。いまサーバーがこわれると、そのあいだに届いた相談が失われるおそれがあります。",
      "サーバーを見ている方に、このメールを転送してください。保存先のディスクがいっぱいになっていないか、つながっているかを、まず確かめます。",
      { button: "バックアップのようす", link: `${env.PUBLIC_ORIGIN}/staff/settings/backups` },
    ],
    automaticHeaders,
  );
