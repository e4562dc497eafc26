/** A guide in exchange for a mail address: stores the request and the grant, and queues the mail with the link. */

import { eq, sql } from "drizzle-orm";
import { clickIdOf } from "#analytics/clicks/token.ts";
import { hashBody, keyIndex } from "#api/forms/idempotency.ts";
import { countAgainstLimit } from "#api/forms/rate-limit.ts";
import type { RequestOrigin } from "#api/forms/request-origin.ts";
import { audit } from "#db/actor.ts";
import { type Executor, transaction, type Transaction } from "#db/client.ts";
import { agreedWords } from "#db/consents/versions.ts";
import { Gone, Invalid, firstOrNotFound } from "#db/errors.ts";
import { newId } from "#db/random/ids.ts";
import { downloadGrants, guides } from "#db/schema/guides.ts";
import { leads } from "#db/schema/leads.ts";
import { reviewThreshold } from "#db/terms/consultation.ts";
import { hashToken, tokenForId } from "#db/vault/tokens.ts";
import { newDataKey, seal } from "#db/vault/vault.ts";
import { wordsIn } from "#db/words/words.ts";
import { addressIndex } from "#emails/addresses.ts";
import { countGuideMail, overLimit } from "#emails/limits.ts";
import { requestSubscription } from "#emails/lists/subscriptions.ts";
import { enqueue } from "#emails/outbox/outbox.ts";
import type { DownloadForm } from "./forms.ts";

/** Days for which a download link is valid; asking again gives a new one. */
const grantDays = 14;

export interface DownloadGrant {
  /** The secret in the link; only its hash is stored. */
  token: string;
  expiresAt: Date;
}

/**
 * Gives an address a link to a guide: returned here, and mailed within the limit of the address. Starts
 * the double opt-in if the newsletter box was ticked. The result is the same whether or not a mail is
 * sent; a repeat under the same idempotency key gets the first one. Throws NotFound for an unknown guide,
 * Gone for a withdrawn one, Invalid for another body under the same key, TooMany above the rate limit.
 */
export async function grantDownload(form: DownloadForm, origin: RequestOrigin): Promise<DownloadGrant> {
  const idempotencyHmac = keyIndex("download", origin.key);
  const bodyHmac = hashBody(form);
  const shown = { version: form.consent_text, now: origin.now, field: "newsletter" };
  const consent = form.newsletter ? await agreedWords("guideNewsletter", form.locale, shown) : undefined;
  const grant = await transaction(async (tx) => {
    const guide = firstOrNotFound(
      await tx.select({ withdrawnAt: guides.withdrawnAt }).from(guides).where(eq(guides.slug, form.guide)),
    );
    if (guide.withdrawnAt) throw new Gone(wordsIn(form.locale).guides.refused.withdrawn);
    const { leadId, isNew } = await upsertLead(tx, form, origin, { idempotencyHmac, bodyHmac });
    if (!isNew) return earlierGrant(tx, leadId, bodyHmac);
    await countAgainstLimit(tx, "download", origin);
    const grant = await insertGrant(tx, leadId, form, origin.now);
    await queueLink(tx, { ...grant, leadId, guide: form.guide }, origin.now);
    if (consent !== undefined) await requestNewsletter(tx, form, consent, origin.now);
    await audit(tx, null, "grant", "guide", form.guide, { lead: leadId });
    return grant;
  });
  return { token: tokenForId("download", grant.id), expiresAt: grant.expiresAt };
}

/**
 * The new lead, or the one of the request that used this idempotency key first, locked: an update that changes nothing
 * waits for an erasure under way, and PostgreSQL inserts the row after all when the key is gone then.
 */
async function upsertLead(
  tx: Executor,
  form: DownloadForm,
  origin: RequestOrigin,
  hashes: { idempotencyHmac: Buffer | null; bodyHmac: Buffer },
): Promise<{ leadId: string; isNew: boolean }> {
  const id = newId();
  const clickId = clickIdOf(origin.clickToken);
  const rows = await tx
    .insert(leads)
    .values({
      id,
      kind: "download",
      channel: origin.channel,
      receivedAt: origin.now,
      locale: form.locale,
      clickId: clickId === undefined ? null : sql`(select id from clicks where id = ${clickId})`,
      ...hashes,
      spamScore: form.website === undefined ? 0 : reviewThreshold,
    })
    .onConflictDoUpdate({ target: leads.idempotencyHmac, set: { bodyHmac: sql`${leads.bodyHmac}` } })
    .returning({ leadId: leads.id });
  const { leadId } = firstOrNotFound(rows);
  return { leadId, isNew: leadId === id };
}

const requestNewsletter = (tx: Transaction, { email, guide, locale }: DownloadForm, consent: string, now: Date) =>
  requestSubscription(tx, { email, form: `/guides/${guide}`, consent, locale, now });

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

/** Queues the mail with the link, or records that it is withheld because of the limit of the address. */
async function queueLink(
  tx: Transaction,
  grant: { id: string; leadId: string; guide: string; emailIndex: Buffer },
  now: Date,
): Promise<void> {
  const { emailIndex, guide } = grant;
  const withheld = (await countGuideMail(tx, { emailIndex, guide, now })) ? undefined : overLimit;
  await enqueue(tx, { kind: "guide_link", grantId: grant.id, leadId: grant.leadId, withheld });
}

/** The grant of the request that used this key first. Throws Invalid when its body was another. */
async function earlierGrant(tx: Executor, leadId: string, bodyHmac: Buffer) {
  const earlier = firstOrNotFound(
    await tx
      .select({ id: downloadGrants.id, expiresAt: downloadGrants.expiresAt, bodyHmac: leads.bodyHmac })
      .from(leads)
      .innerJoin(downloadGrants, eq(downloadGrants.leadId, leads.id))
      .where(eq(leads.id, leadId)),
  );
  if (!earlier.bodyHmac?.equals(bodyHmac))
    throw new Invalid({ key: "同じ識別キーで、ちがう内容がすでに届いています。" });
  return earlier;
}
