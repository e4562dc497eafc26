import { dayOf, formatDay } from "#db/calendar/days.ts";
import { env } from "#db/env.ts";
import { settings } from "#db/settings/settings.ts";
import { type Role, role } from "#db/terms/staff.ts";
import { automaticHeaders, type MailContent, mailContent, notForYou } from "./mail-content.ts";

/** The invitation to the staff area, to a future colleague; in Japanese. The link is a secret that works once; the mail must not hold a password. */
export function invitationMail(of: { token: string; role: Role; expiresAt: Date }): Promise<MailContent> {
  return mailContent(
    `【${settings().name.ja}】職員用ページへの招待`,
    [
      `${settings().name.ja}の職員用ページに、「${role[of.role]}」として招待されました。次のページで、お名前とパスワードを決めてください。そのあと、スマートフォンの認証アプリ（無料）を設定します。10分ほどかかります。`,
      { button: "登録をはじめる", link: `${env.PUBLIC_ORIGIN}/staff/invitations/${of.token}` },
      `このリンクは${formatDay(dayOf(of.expiresAt))}まで、一度だけ使えます。ほかの人に渡さないでください。`,
      notForYou(),
    ],
    automaticHeaders,
  );
}
