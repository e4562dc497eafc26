/** Sends the mail with a download link again, for somebody who did not receive it. */

import { desc, eq } from "drizzle-orm";
import { audit } from "#db/actor.ts";
import { type Executor, transaction } from "#db/client.ts";
import { Gone, firstOrNotFound, Refused } from "#db/errors.ts";
import { downloadGrants, guides } from "#db/schema/guides.ts";
import { leads } from "#db/schema/leads.ts";
import { deliveries } from "#db/schema/mail.ts";
import { hashToken } from "#db/vault/tokens.ts";
import { wordsIn } from "#db/words/words.ts";
import { countGuideMail, overLimit } from "#emails/limits.ts";
import { enqueue } from "#emails/outbox/outbox.ts";

/** Mails per link, including the first. A link in the wrong hands must not fill a mailbox. */
const maxMails = 3;
/** Shortest time between two of them, in milliseconds. */
const pauseMs = 60_000;

/**
 * Queues the mail of a grant again, to the address of its request, within the limit of the address. Whoever
 * presses the button may not own the address: the result depends on this grant and on how often the button
 * was pressed, never on what else was mailed to the address. Throws NotFound for an unknown token, Gone for
 * an expired link or a withdrawn guide, Refused, with a sentence, when pressed too soon or too often.
 */
export async function resendLink(token: string, now: Date): Promise<void> {
  await transaction(async (tx) => {
    const grant = await lockGrant(tx, token);
    const { email, emailIndex, guide } = grant;
    const { refused } = wordsIn(grant.locale).guides;
    if (grant.expiresAt <= now || grant.withdrawnAt) throw new Gone(refused.over);
    if (!email || !emailIndex) throw new Refused(refused.noAddress + refused.button);
    // The request and each press left one row, also where the mail was withheld.
    const earlier = await tx
      .select({ state: deliveries.state, queuedAt: deliveries.queuedAt })
      .from(deliveries)
      .where(eq(deliveries.grantId, grant.id))
      .orderBy(desc(deliveries.queuedAt));
    if (earlier.length >= maxMails) throw new Refused(refused.often(maxMails) + refused.button);
    const last = earlier[0]?.queuedAt.getTime() ?? 0;
    if (now.getTime() - last < pauseMs) throw new Refused(refused.soon + refused.button);
    const isUnderWay = earlier.some(({ state }) => /^(?:queued|leased|retry)$/u.test(state));
    const isCounted = !isUnderWay && (await countGuideMail(tx, { emailIndex, guide, now, again: true }));
    const withheld = isUnderWay ? "under way already" : isCounted ? undefined : overLimit;
    await enqueue(tx, { kind: "guide_link", grantId: grant.id, leadId: grant.leadId, withheld });
    await audit(tx, null, "resend_link", "grant", grant.id);
  });
}

/** The grant behind a link, locked, so that simultaneous presses run one after the other. */
async function lockGrant(tx: Executor, token: string) {
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
        locale: leads.locale,
      })
      .from(downloadGrants)
      .innerJoin(guides, eq(guides.slug, downloadGrants.guideSlug))
      .innerJoin(leads, eq(leads.id, downloadGrants.leadId))
      .where(eq(downloadGrants.tokenHash, hashToken(token)))
      .for("update", { of: downloadGrants }),
  );
}
