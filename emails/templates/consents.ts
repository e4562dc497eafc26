import { env } from "#db/env.ts";
import { automaticHeaders, type MailContent, mailContent } from "./mail-content.ts";

const register = () => `${env.PUBLIC_ORIGIN}/staff/consents`;

/** To whoever asked by a link: an answer is there. */
export const approvalAnswerMail = (): Promise<MailContent> =>
  mailContent(
    "掲載の確認に、お返事が届きました",
    [
      "掲載してよいかをうかがった方から、お返事が届きました。内容は、ログインしてからご覧ください。",
      { label: "掲載の同意の一覧", link: register() },
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
      { label: "60日以内に終わる同意", link: `${register()}?show=ending` },
    ],
    automaticHeaders,
  );
