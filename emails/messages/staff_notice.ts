import { sayDay } from "#db/days.ts";
import { env } from "#db/env.ts";
import { automatic, type Letter, letter } from "../letter.ts";

/** To staff: that something came, where to read it and by when to answer. Never what it says. */
export function staffNotice(of: { caseId: string; replyByDate: string }): Promise<Letter> {
  return letter(
    `新しい相談が届きました（回答期限 ${sayDay(of.replyByDate)}）`,
    [
      "新しい相談が届きました。内容は、ログインしてからご覧ください。",
      { facts: [["回答期限", sayDay(of.replyByDate)]] },
      { label: "相談を開く", link: `${env.PUBLIC_ORIGIN}/staff/cases/${of.caseId}` },
    ],
    automatic,
  );
}
