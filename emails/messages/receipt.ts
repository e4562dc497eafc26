import { sayDay } from "#db/days.ts";
import { env } from "#db/env.ts";
import { organisation } from "#db/terms.ts";
import { allowDomain, automatic, type Letter, letter, notForYou, signature } from "../letter.ts";

/**
 * To the family, at once. Others may read over a shoulder or share the address, so it holds no name
 * and nothing of what was written; all it says stood on the screen as well.
 */
export function receipt(of: { reference: string; replyByDate: string }): Promise<Letter> {
  return letter(
    `【${organisation.name}】受け付けました（受付番号 ${of.reference}）`,
    [
      "ご連絡をありがとうございます。たしかに受け取りました。担当の者が読んで、お返事します。",
      {
        facts: [
          ["受付番号", of.reference],
          ["お返事の予定", `${sayDay(of.replyByDate)}まで`],
        ],
      },
      {
        label:
          "お返事は、受付番号と受付コード（送ったあとの画面に出たもの）で、次のページでも読めます。書き足すこともできます。",
        link: `${env.PUBLIC_ORIGIN}/consultation/return`,
      },
      `お急ぎのときや、予定の日を過ぎてもお返事がないときは、お電話ください。受付番号をお伝えいただくと、すぐにわかります。`,
      ...signature,
      allowDomain,
      notForYou,
    ],
    automatic,
  );
}
