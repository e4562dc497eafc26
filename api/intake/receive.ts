/** Intake: what happens, in one transaction, when someone asks for help. */

import { clickIdOf } from "#analytics/clicks/token.ts";
import { hashBody, keyIndex } from "#api/forms/idempotency.ts";
import type { RequestOrigin } from "#api/forms/request-origin.ts";
import { replyByDate } from "#db/calendar/calendar.ts";
import { databaseNowSql } from "#db/calendar/clock.ts";
import { prepareNamed } from "#db/client.ts";
import { agreedWords } from "#db/consents/versions.ts";
import { env } from "#db/env.ts";
import { firstOrNotFound, Invalid, NotFound, TooMany } from "#db/errors.ts";
import { newId } from "#db/random/ids.ts";
import { askerIn, consentKinds } from "#db/terms/askers.ts";
import { readOnSite, type replyBy } from "#db/terms/consultation.ts";
import { blindIndex } from "#db/vault/blind-index.ts";
import { newDataKey, seal } from "#db/vault/vault.ts";
import { addressIndex } from "#emails/addresses.ts";
import { limitKey, mailLimits, overLimit } from "#emails/limits.ts";
import { messageIdFor } from "#emails/outbox/outbox.ts";
import { wakeSenders } from "#emails/outbox/wake.ts";
import type { ConsultationForm } from "./forms.ts";
import { phoneIndexOf } from "./phone-numbers.ts";
import { receiptCodeHash } from "./receipt-codes.ts";
import { newReceiptCode, newReference } from "./reference.ts";
import { spamScore } from "./spam-score.ts";

export interface Received {
  reference: string;
  /** YYYY-MM-DD, Asia/Tokyo. */
  replyByDate: string;
  replyBy: keyof typeof replyBy;
  /** False when this answers a repeat of an earlier request. */
  fresh: boolean;
  /** False when the receipt was not mailed, since the address had enough of them within the hour. */
  mailed: boolean;
}

/**
 * Lead, rate limit, case, consultation, promise of an answer (unless none is wanted), mails and audit row: all or
 * nothing, in one round trip.
 */
export const storeConsultation = prepareNamed<{ fresh: boolean; mailed: boolean }>(`
with lead as (
  insert into leads (id, kind, channel, reference, received_at, locale, click_id, idempotency_hmac, body_hmac, spam_score)
  values (:lead_id, 'consultation', :channel, :reference, :now::timestamptz, :locale,
          (select id from clicks where id = :click_id), :idempotency_hmac, :body_hmac, :spam_score)
  on conflict (idempotency_hmac) do nothing
  returning id
), rate_limit as (
  insert into rate_windows (network, scope, minute, count) select :network, 'intake', :minute, 1 from lead
  on conflict (network, scope, minute) do update set count = rate_windows.count + 1
  returning within_allowance(count, :per_minute) as ok
), receipts as (
  select count_mail(:receipt_key, 'receipt', '', :now::timestamptz, :receipt_hours, :receipt_most, :receipt_most_each) as ok
  from lead where :receipt_key::bytea is not null
), opened as (
  insert into cases (id, wrapped_key, opened_at) select :case_id, :wrapped_key, :now::timestamptz from lead
), consultation as (
  insert into consultations (id, lead_id, case_id, relation, topics, school_stage, municipality, heard_from, reply_by,
                             reply_by_date, contact, message, email_index, phone_index, consent,
                             receipt_code_hash, receipt_code)
  select :consultation_id, id, :case_id, :relation, :topics::text[], :school_stage, :municipality, :heard_from, :reply_by,
         :reply_by_date::date, :contact, :message, :email_index, :phone_index, :consent,
         :receipt_code_hash, :receipt_code from lead
), promised as (
  insert into promises (id, case_id, consultation_id, made_at, due_day)
  select :promise_id, :case_id, :consultation_id, :now::timestamptz, :reply_by_date::date from lead where :reply_by <> 'none'
), mails as (
  insert into deliveries (id, kind, lane, message_id, lead_id, state, finished_at, reply)
  select mail.id, mail.kind, 'transactional', mail.message_id, lead.id,
         case when held then 'cancelled' else 'queued' end, case when held then ${databaseNowSql} end,
         case when held then :over_limit end
  from lead, unnest(:mail_ids::uuid[], :mail_kinds::text[], :mail_message_ids::text[]) as mail (id, kind, message_id),
       lateral (select mail.kind = 'receipt' and not (select ok from receipts) as held) as fate
), trace as (
  insert into audit_events (action, noun, noun_id) select 'receive', 'case', :case_id::text from lead
)
select (select count(*) from lead) = 1 and coalesce((select ok from rate_limit), true) as fresh,
       coalesce((select ok from receipts), true) as mailed`);

const findEarlier = prepareNamed<{
  reference: string;
  body_hmac: Buffer;
  reply_by: Received["replyBy"];
  reply_by_date: string;
  mailed: boolean;
}>(`
select leads.reference, leads.body_hmac, consultations.reply_by, consultations.reply_by_date::text,
       not exists (select 1 from deliveries where lead_id = leads.id and kind = 'receipt' and reply = :over_limit) as mailed
from leads join consultations on consultations.lead_id = leads.id
where leads.idempotency_hmac = :idempotency_hmac`);

/**
 * Takes in one request for help and queues its mails. A repeat under the same key gets the first
 * answer; another body under that key throws Invalid. Throws TooMany beyond INTAKE_PER_MINUTE.
 */
export async function receiveConsultation(form: ConsultationForm, origin: RequestOrigin): Promise<Received> {
  const idempotency = keyIndex("consultation", origin.key);
  const body = hashBody(form);
  let consent: string;
  try {
    consent = await consentWords(form, origin.now);
  } catch (error) {
    // A repeat of what was stored gets its answer, whatever became of the words since.
    const earlier = await earlierAnswer(idempotency, body).catch(() => undefined);
    if (earlier) return earlier;
    throw error;
  }
  for (let attempt = 1; ; attempt++) {
    const asked = { reference: newReference(), replyByDate: replyByDate(origin.now), replyBy: form.reply_by };
    try {
      const [row] = await storeConsultation({ ...rowsOf(form, origin, asked, idempotency, body), consent });
      if (row?.fresh) {
        wakeSenders();
        return { ...asked, fresh: true, mailed: row.mailed };
      }
      return await earlierAnswer(idempotency, body);
    } catch (error) {
      const { code, constraint_name } = error as { code?: string; constraint_name?: string };
      if (code === "KM429") throw new TooMany(60 - origin.now.getUTCSeconds());
      const isReferenceTaken = code === "23505" && constraint_name === "leads_reference";
      // The request that first used this key was erased between the two statements: this one is new.
      const isEarlierGone = error instanceof NotFound;
      if (attempt === 5 || !(isReferenceTaken || isEarlierGone)) throw error;
    }
  }
}

function rowsOf(
  form: ConsultationForm,
  origin: RequestOrigin,
  received: Omit<Received, "fresh" | "mailed">,
  idempotency: Buffer | null,
  body: Buffer,
) {
  const [leadId, caseId, consultationId] = [newId(), newId(), newId()];
  const { key, wrapped } = newDataKey("cases.wrapped_key", caseId);
  const { name, affiliation, email, phone, call_as, call_message, call_when, call_who } = form;
  const wishes = { call_as, call_message, call_when, call_who };
  const contact = JSON.stringify({ name, affiliation, email, phone, ...wishes });
  // Who reads on the site may have named an address, but not for us to write to.
  const wantsReceipt = form.email !== undefined && !readOnSite.includes(form.reply_by);
  const mails = (wantsReceipt ? ["receipt", "staff_notice"] : ["staff_notice"]).map((kind) => ({ id: newId(), kind }));
  const code = newReceiptCode();
  const emailIndex = form.email === undefined ? null : addressIndex(form.email);
  const { hours, most, mostEach } = mailLimits.receipt;
  const looks = { message: form.message, honeypot: form.website, key: form.key, now: origin.now, locale: form.locale };
  return {
    lead_id: leadId,
    channel: origin.channel,
    reference: received.reference,
    now: origin.now.toISOString(),
    locale: form.locale,
    click_id: clickIdOf(origin.clickToken) ?? null,
    idempotency_hmac: idempotency,
    body_hmac: body,
    spam_score: spamScore(looks),
    network: blindIndex("network", origin.network),
    minute: Math.floor(origin.now.getTime() / 60_000),
    per_minute: env.INTAKE_PER_MINUTE,
    case_id: caseId,
    wrapped_key: wrapped,
    consultation_id: consultationId,
    promise_id: newId(),
    relation: form.relation ?? (form.asker === "self" ? "self" : null),
    topics: form.topics ?? [],
    school_stage: form.school_stage ?? null,
    municipality: form.municipality ?? null,
    heard_from: form.heard_from ?? null,
    reply_by: form.reply_by,
    reply_by_date: received.replyByDate,
    contact: seal(key, contact, "consultations.contact", consultationId),
    message: seal(key, form.message, "consultations.message", consultationId),
    email_index: emailIndex,
    phone_index: phoneIndexOf(form.phone),
    mail_ids: mails.map(({ id }) => id),
    mail_kinds: mails.map(({ kind }) => kind),
    mail_message_ids: mails.map(({ id }) => messageIdFor(id)),
    receipt_code_hash: receiptCodeHash(received.reference, code),
    receipt_code: seal(key, code, "consultations.receipt_code", consultationId),
    receipt_key: wantsReceipt && emailIndex ? limitKey(emailIndex) : null,
    receipt_hours: hours,
    receipt_most: most,
    receipt_most_each: mostEach,
    over_limit: overLimit,
  };
}

/** The sentence that stood beside the box, word for word. Throws Invalid when it was replaced long ago. */
export function consentWords(form: ConsultationForm, now: Date): Promise<string> {
  return agreedWords(consentKinds[askerIn(form)], form.locale, { version: form.consent_text, now });
}

async function earlierAnswer(idempotency: Buffer | null, body: Buffer): Promise<Received> {
  const row = firstOrNotFound(await findEarlier({ idempotency_hmac: idempotency, over_limit: overLimit }));
  if (!row.body_hmac.equals(body)) throw new Invalid({ key: "同じ識別キーで、ちがう内容がすでに届いています。" });
  const { reference, reply_by_date, reply_by, mailed } = row;
  return { reference, replyByDate: reply_by_date, replyBy: reply_by, fresh: false, mailed };
}
