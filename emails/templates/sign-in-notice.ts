import { settings } from "#db/settings/settings.ts";
import { automaticHeaders, type MailContent, mailContent } from "./mail-content.ts";

/**
 * The notice of repeated failures to sign in, to the owner of the account and the managers; in Japanese.
 * It must not hold a link: staff who expect none are harder to phish with a copy of this mail.
 * `failures`: within one day.
 */
export function signInNoticeMail(of: { name: string; failures: number }): Promise<MailContent> {
  return mailContent(
    `【${settings().name.ja}】ログインの失敗が続いています`,
    [
      `${of.name}さんの職員用アカウントで、パスワードか確認コードをまちがえたログインが、この1日に${of.failures}回ありました。`,
      "ご本人の打ちまちがいでしたら、何もしなくてかまいません。",
      "ご本人に心当たりがないときは、だれかがログインしようとしています。同じパスワードをほかのサービスでも使っている場合は、管理者に頼んで、いったん停止してから招待し直してもらってください。",
      "アカウントは止まっていません。画面に出る秒数だけ待てば、いつもどおりログインできます。",
    ],
    automaticHeaders,
  );
}
