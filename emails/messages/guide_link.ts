import { dayOf, sayDay } from "#db/days.ts";
import { env } from "#db/env.ts";
import { organisation } from "#db/terms.ts";
import { automatic, type Letter, letter, notForYou, signature } from "../letter.ts";

/** The way to a PDF someone asked for. */
export function guideLink(of: { title: string; token: string; expiresAt: Date }): Promise<Letter> {
  return letter(
    `【${organisation.name}】資料のご案内`,
    [
      `「${of.title}」をお申し込みいただき、ありがとうございます。次のページからダウンロードできます。`,
      { label: of.title, link: `${env.PUBLIC_ORIGIN}/d/${of.token}` },
      `このリンクは${sayDay(dayOf(of.expiresAt))}まで使えます。期限を過ぎたときは、もう一度お申し込みください。`,
      ...signature,
      notForYou,
    ],
    automatic,
  );
}
