/** Guides against a mail address: the request, the grant, and the file behind the link. */

import { and, desc, eq, gt, sql } from "drizzle-orm";
import { clickIdOf } from "#analytics/clicks/record.ts";
import { hashBody, keyIndex } from "#api/forms/idempotency.ts";
import { countAgainstLimit } from "#api/forms/rate-limit.ts";
import type { RequestOrigin } from "#api/forms/request-origin.ts";
import { readStored } from "#api/guides/files.ts";
import type { PdfFile } from "#api/guides/pdf-answer.ts";
import { audit } from "#db/actor.ts";
import { type Executor, db, transaction, type Transaction } from "#db/client.ts";
import { Gone, Invalid, NotFound, firstOrNotFound } from "#db/errors.ts";
import { newId } from "#db/random/ids.ts";
import { downloadGrants, guides, guideVersions } from "#db/schema/guides.ts";
import { leads } from "#db/schema/leads.ts";
import { guideNewsletterConsent } from "#db/terms/consents.ts";
import { reviewThreshold } from "#db/terms/consultation.ts";
import { hashToken, tokenForId } from "#db/vault/tokens.ts";
import { newDataKey, seal } from "#db/vault/vault.ts";
import { addressIndex } from "#emails/addresses.ts";
import { countGuideMail, overLimit } from "#emails/limits.ts";
import { requestSubscription } from "#emails/lists/subscriptions.ts";
import { enqueue } from "#emails/outbox/outbox.ts";
import type { DownloadForm } from "./forms.ts";

/** A link works this long; asking again gives a new one. */
const grantDays = 14;

/** Said of a guide that is not on offer any more. */
const withdrawnSentence = "この資料は、公開を終えました。資料の一覧から、ほかの資料をお選びいただけます。";

export interface Granted {
  /** The secret in the link; only its hash is stored. */
  token: string;
  expiresAt: Date;
}

/**
 * Gives one address a link to one guide, on the screen and, within the limit of the address, by mail;
 * starts the double opt-in if the newsletter box was ticked. The answer is the same whether or not a
 * mail leaves. Throws NotFound for an unknown guide, Gone for a withdrawn one, TooMany beyond the allowance.
 */
export async function grantDownload(form: DownloadForm, origin: RequestOrigin): Promise<Granted> {
  const idempotencyHmac = keyIndex("download", origin.key);
  const bodyHmac = hashBody(form);
  const granted = await transaction(async (tx) => {
    const guide = firstOrNotFound(
      await tx.select({ withdrawnAt: guides.withdrawnAt }).from(guides).where(eq(guides.slug, form.guide)),
    );
    if (guide.withdrawnAt) throw new Gone(withdrawnSentence);
    const clickId = clickIdOf(origin.clickToken) ?? null;
    const spamScore = form.website === undefined ? 0 : reviewThreshold;
    const [lead] = await tx
      .insert(leads)
      .values({
        kind: "download",
        channel: origin.channel,
        receivedAt: origin.now,
        locale: form.locale,
        clickId: clickId === null ? null : sql`(select id from clicks where id = ${clickId})`,
        idempotencyHmac,
        bodyHmac,
        spamScore,
      })
      .onConflictDoNothing({ target: leads.idempotencyHmac })
      .returning({ id: leads.id });
    if (!lead) return earlierGrant(tx, idempotencyHmac, bodyHmac);
    await countAgainstLimit(tx, "download", origin);
    const grant = await insertGrant(tx, lead.id, form, origin.now);
    await queueLink(tx, { ...grant, leadId: lead.id, guide: form.guide }, origin.now);
    if (form.newsletter) {
      const wish = {
        email: form.email,
        form: `/guides/${form.guide}`,
        consent: guideNewsletterConsent,
        now: origin.now,
      };
      await requestSubscription(tx, wish);
    }
    await audit(tx, null, "grant", "guide", form.guide, { lead: lead.id });
    return grant;
  });
  return { token: tokenForId("download", granted.id), expiresAt: granted.expiresAt };
}

async function insertGrant(tx: Executor, leadId: string, form: DownloadForm, now: Date) {
  const id = newId();
  const { key, wrapped } = newDataKey("download_grants.wrapped_key", id);
  const expiresAt = new Date(now.getTime() + grantDays * 86_400_000);
  const emailIndex = addressIndex(form.email);
  await tx.insert(downloadGrants).values({
    id,
    leadId,
    guideSlug: form.guide,
    tokenHash: hashToken(tokenForId("download", id)),
    wrappedKey: wrapped,
    email: seal(key, form.email, "download_grants.email", id),
    emailIndex,
    expiresAt,
  });
  return { id, emailIndex, expiresAt };
}

/** Queues the mail, or writes down that this address had enough of them; the answer is the same. */
async function queueLink(
  tx: Transaction,
  grant: { id: string; leadId: string; guide: string; emailIndex: Buffer },
  now: Date,
): Promise<void> {
  const { emailIndex, guide } = grant;
  const withheld = (await countGuideMail(tx, { emailIndex, guide, now })) ? undefined : overLimit;
  await enqueue(tx, { kind: "guide_link", grantId: grant.id, leadId: grant.leadId, withheld });
}

async function earlierGrant(tx: Executor, idempotencyHmac: Buffer | null, bodyHmac: Buffer) {
  const earlier = firstOrNotFound(
    await tx
      .select({ id: downloadGrants.id, expiresAt: downloadGrants.expiresAt, bodyHmac: leads.bodyHmac })
      .from(leads)
      .innerJoin(downloadGrants, eq(downloadGrants.leadId, leads.id))
      .where(eq(leads.idempotencyHmac, idempotencyHmac ?? Buffer.alloc(0))),
  );
  if (!earlier.bodyHmac?.equals(bodyHmac))
    throw new Invalid({ key: "同じ識別キーで、ちがう内容がすでに届いています。" });
  return earlier;
}

/**
 * The file behind a link. The link stays good however often it is opened, by a person
 * or by a mail scanner; only `isCounted` openings move the counter. Throws NotFound for an unknown
 * token, Gone for one past its date or a withdrawn guide.
 */
export async function redeemDownload(token: string, now: Date, isCounted: boolean): Promise<PdfFile> {
  const tokenHash = hashToken(token);
  const row = firstOrNotFound(
    await db
      .select({
        id: downloadGrants.id,
        expiresAt: downloadGrants.expiresAt,
        withdrawnAt: guides.withdrawnAt,
        fileName: guideVersions.fileName,
        storedAs: guideVersions.storedAs,
      })
      .from(downloadGrants)
      .innerJoin(guides, eq(guides.slug, downloadGrants.guideSlug))
      .innerJoin(guideVersions, eq(guideVersions.guideSlug, guides.slug))
      .where(eq(downloadGrants.tokenHash, tokenHash))
      .orderBy(desc(guideVersions.version))
      .limit(1),
  );
  if (row.withdrawnAt) throw new Gone(withdrawnSentence);
  if (row.expiresAt <= now)
    throw new Gone("この資料のリンクは期限が切れました。資料のページから、もう一度お申し込みください。");
  const content = await readStored(row.storedAs).catch(() => {
    throw new NotFound("guide file");
  });
  if (isCounted) {
    await db
      .update(downloadGrants)
      .set({
        downloads: sql`${downloadGrants.downloads} + 1`,
        firstDownloadedAt: sql`coalesce(${downloadGrants.firstDownloadedAt}, ${now.toISOString()}::timestamptz)`,
      })
      .where(and(eq(downloadGrants.id, row.id), gt(downloadGrants.expiresAt, now)));
  }
  return { content, fileName: row.fileName };
}
