/** The link to a guide by mail once more, for somebody whose mail did not come. */
import { desc, eq } from "drizzle-orm";
import { audit } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { Gone, one, Refused } from "#db/errors.ts";
import { downloadGrants, guides } from "#db/schema/guides.ts";
import { deliveries } from "#db/schema/mail.ts";
import { hashToken } from "#db/vault.ts";
import { enqueue } from "#emails/outbox.ts";
import { wakeSenders } from "#emails/wake.ts";

/** The first one counts. A link in the wrong hands must not fill a mailbox. */
const mostMails = 3;
const pauseMs = 60_000;

const button = "資料は、この画面のボタンからいつでも開けます。";

/**
 * Queues the mail of a grant again, to the address it was asked for. Throws NotFound for an unknown
 * token, Gone past its date, Refused with a sentence when one is under way or enough were sent.
 */
export async function mailLinkAgain(token: string, now: Date): Promise<void> {
  await db.transaction(async (tx) => {
    const grant = one(
      await tx
        .select({
          id: downloadGrants.id,
          leadId: downloadGrants.leadId,
          email: downloadGrants.email,
          expiresAt: downloadGrants.expiresAt,
          withdrawnAt: guides.withdrawnAt,
        })
        .from(downloadGrants)
        .innerJoin(guides, eq(guides.slug, downloadGrants.guideSlug))
        .where(eq(downloadGrants.tokenHash, hashToken(token)))
        .for("update", { of: downloadGrants }),
    );
    if (grant.expiresAt <= now || grant.withdrawnAt)
      throw new Gone("この資料のリンクは、もう使えません。資料の一覧から、もう一度お申し込みください。");
    if (!grant.email) throw new Refused(`メールアドレスをもうお預かりしていないため、送れません。${button}`);
    const sent = await tx
      .select({ state: deliveries.state, queuedAt: deliveries.queuedAt })
      .from(deliveries)
      .where(eq(deliveries.grantId, grant.id))
      .orderBy(desc(deliveries.queuedAt));
    if (sent.length >= mostMails) throw new Refused(`メールは、${mostMails}通までお送りしています。${button}`);
    const last = sent[0]?.queuedAt.getTime() ?? 0;
    if (now.getTime() - last < pauseMs)
      throw new Refused(
        `さきほどお送りしたばかりです。1分ほど待っても届かないときに、もう一度押してください。${button}`,
      );
    if (sent.some(({ state }) => /^(?:queued|leased|retry)$/u.test(state)))
      throw new Refused(`前のメールを、まだお送りしている途中です。しばらくお待ちください。${button}`);
    await enqueue(tx, { kind: "guide_link", grantId: grant.id, leadId: grant.leadId });
    await audit(tx, null, "mail_again", "grant", grant.id);
  });
  wakeSenders();
}
