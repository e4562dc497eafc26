import { sayDay } from "#db/days.ts";
import { env } from "#db/env.ts";
import type { replyBy } from "#db/terms.ts";
import { automatic, type Letter, letter } from "../letter.ts";

/** To staff: that something came, where to read it and by when to answer. Never what it says. */
export function staffNotice(of: {
  caseId: string;
  replyBy: keyof typeof replyBy;
  replyByDate: string;
}): Promise<Letter> {
  const due = of.replyBy === "none" ? "なし" : sayDay(of.replyByDate);
  return letter(
    `新しい相談が届きました（回答期限 ${due}）`,
    [
      "新しい相談が届きました。内容は、ログインしてからご覧ください。",
      { facts: [["回答期限", due]] },
      { label: "相談を開く", link: `${env.PUBLIC_ORIGIN}/staff/cases/${of.caseId}` },
    ],
    automatic,
  );
}

/** To staff: that a family wrote on. Never what it says. */
export function additionNotice(of: { caseId: string; replyByDate: string | null }): Promise<Letter> {
  const due = of.replyByDate === null ? "なし" : sayDay(of.replyByDate);
  return letter(
    `書き足しが届きました（回答期限 ${due}）`,
    [
      "ご家族から書き足しが届きました。内容は、ログインしてからご覧ください。",
      { facts: [["回答期限", due]] },
      { label: "相談を開く", link: `${env.PUBLIC_ORIGIN}/staff/cases/${of.caseId}` },
    ],
    automatic,
  );
}
