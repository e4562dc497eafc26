import { dayOf, formatDay } from "#db/calendar/days.ts";
import { env } from "#db/env.ts";
import { settings } from "#db/settings/settings.ts";
import { automaticHeaders, type MailContent, mailContent, contactBlock } from "./mail-content.ts";

/**
 * The double opt-in mail, to an address that was typed into a subscription form; in Japanese. Its owner
 * may know nothing of it: the mail must not advertise, nor promise anything but the link. `lists`: names.
 */
export function confirmationMail(of: { token: string; lists: string[]; expiresAt: Date }): Promise<MailContent> {
  return mailContent(
    `【${settings().name.ja}】メールマガジンの登録を確認してください`,
    [
      `${of.lists.map((name) => `「${name}」`).join("")}へのお申し込みをありがとうございます。登録はまだ終わっていません。次のページを開き、「登録する」ボタンを押してください。`,
      { button: "登録を確認するページ", link: `${env.PUBLIC_ORIGIN}/newsletter/confirm/${of.token}` },
      `このリンクは${formatDay(dayOf(of.expiresAt))}まで使えます。`,
      "お申し込みに心当たりがない場合は、何もしないでください。登録されることも、お知らせが届くこともありません。",
      ...contactBlock(),
    ],
    automaticHeaders,
  );
}
