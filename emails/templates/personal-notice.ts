import { env } from "#db/env.ts";
import { type NoticeKind, noticeKind } from "#db/terms/notices.ts";
import { automaticHeaders, type MailBlock, type MailContent, mailContent } from "./mail-content.ts";

/**
 * What happened in the cases of one member of staff; in Japanese. It says of each kind where to read it, and must hold
 * no word of a case, no name and no reference, which is half of a family's way in. `of`: each kind with its cases.
 */
export function personalNoticeMail(
  of: readonly { kind: NoticeKind; caseIds: readonly string[] }[],
): Promise<MailContent> {
  const count = of.reduce((sum, { caseIds }) => sum + caseIds.length, 0);
  const blocks: MailBlock[] = of.flatMap(({ kind, caseIds }) =>
    caseIds.map((id) => ({
      label: noticeKind[kind].replace(/とき$/u, ""),
      link: `${env.PUBLIC_ORIGIN}/staff/cases/${id}`,
    })),
  );
  return mailContent(
    `担当の相談のお知らせ（${count}件）`,
    [
      "担当の相談で、次のことがありました。内容は、ログインしてからご覧ください。",
      ...blocks,
      { rule: true },
      { label: "このお知らせを止める・選ぶ", link: `${env.PUBLIC_ORIGIN}/staff/me` },
    ],
    automaticHeaders,
  );
}
