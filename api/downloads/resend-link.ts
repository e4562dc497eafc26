/** The link to a guide by mail once more, for somebody whose mail did not come. */

import { desc, eq } from "drizzle-orm";
import { audit } from "#db/actor.ts";
import { type Executor, transaction } from "#db/client.ts";
import { Gone, firstOrNotFound, Refused } from "#db/errors.ts";
import { downloadGrants, guides } from "#db/schema/guides.ts";
import { deliveries } from "#db/schema/mail.ts";
import { hashToken } from "#db/vault/tokens.ts";
import { countGuideMail, overLimit } from "#emails/limits.ts";
import { enqueue } from "#emails/outbox/outbox.ts";

/** Of one link; the first one counts. A link in the wrong hands must not fill a mailbox. */
const mostMails = 3;
const pauseMs = 60_000;

const button = "資料は、この画面のボタンからいつでも開けます。";

/**
 * Queues the mail of a grant again, to the address it was asked for, within the limit of the address.
 * Whoever presses may not own the address: what they are told depends on this grant and their own
 * presses, never on what else was sent to it. Throws NotFound for an unknown token, Gone past its
 * date, Refused with a sentence when pressed just now or often enough.
 */
export async function resendLink(token: string, now: Date): Promise<void> {
  await transaction(async (tx) => {
    const grant = await findGrant(tx, token);
    const { email, emailIndex, guide } = grant;
    if (grant.expiresAt <= now || grant.withdrawnAt)
      throw new Gone("この資料のリンクは、もう使えません。資料の一覧から、もう一度お申し込みください。");
    if (!email || !emailIndex) throw new Refused(`メールアドレスをもうお預かりしていないため、送れません。${button}`);
    // Every request and press left one row, also those whose mail was withheld.
    const asked = await tx
      .select({ state: deliveries.state, queuedAt: deliveries.queuedAt })
      .from(deliveries)
      .where(eq(deliveries.grantId, grant.id))
      .orderBy(desc(deliveries.queuedAt));
    if (asked.length >= mostMails) throw new Refused(`お受けできるのは、${mostMails}回までです。${button}`);
    const last = asked[0]?.queuedAt.getTime() ?? 0;
    if (now.getTime() - last < pauseMs)
      throw new Refused(
        `さきほど受け付けたばかりです。1分ほど待っても届かないときに、もう一度押してください。${button}`,
      );
    const isUnderWay = asked.some(({ state }) => /^(?:queued|leased|retry)$/u.test(state));
    const isCounted = !isUnderWay && (await countGuideMail(tx, { emailIndex, guide, now, again: true }));
    const withheld = isUnderWay ? "under way already" : isCounted ? undefined : overLimit;
    await enqueue(tx, { kind: "guide_link", grantId: grant.id, leadId: grant.leadId, withheld });
    await audit(tx, null, "resend_link", "grant", grant.id);
  });
}

/** The grant behind a link, locked, so that presses at the same moment wait for each other. */
async function findGrant(tx: Executor, token: string) {
  return firstOrNotFound(
    await tx
      .select({
        id: downloadGrants.id,
        leadId: downloadGrants.leadId,
        guide: downloadGrants.guideSlug,
        email: downloadGrants.email,
        emailIndex: downloadGrants.emailIndex,
        expiresAt: downloadGrants.expiresAt,
        withdrawnAt: guides.withdrawnAt,
      })
      .from(downloadGrants)
      .innerJoin(guides, eq(guides.slug, downloadGrants.guideSlug))
      .where(eq(downloadGrants.tokenHash, hashToken(token)))
      .for("update", { of: downloadGrants }),
  );
}
