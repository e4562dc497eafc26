/** Saving a draft, and dropping it. */

import { and, eq, or, type SQL, sql } from "drizzle-orm";
import { type Executor, db, transaction } from "#db/client.ts";
import { firstOrNotFound, NotFound } from "#db/errors.ts";
import { isId, newId } from "#db/random/ids.ts";
import { cases } from "#db/schema/cases.ts";
import { draftKeys, drafts, formKeys } from "#db/schema/drafts.ts";
import { newDataKey, seal, unwrap } from "#db/vault/vault.ts";
import { isErased } from "./erased.ts";
import { caseIdIn, hasWords, type UnsentForm } from "./unsent.ts";

/**
 * An advisory lock on one form of one person until the transaction ends, taken before any row is locked: storing what
 * a form holds and saving it as a draft happen one after the other, so that nothing is left in both places.
 */
export async function lockForm(tx: Executor, staffId: string, form: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`form ${staffId} ${form}`}, 0))`);
}

/** One showing of a form: the HMAC of its key, and the id of the draft that lay in it. */
export interface Showing {
  keyHmac?: Buffer | undefined;
  draftId?: string | undefined;
}

/** SQL: the drafts that this showing of a form replaces or, once it is stored, ends. */
export function draftsOfShowing(staffId: string, { keyHmac, draftId }: Showing): SQL | undefined {
  const isSame = or(
    keyHmac && eq(drafts.keyHmac, keyHmac),
    draftId !== undefined && isId(draftId) ? eq(drafts.id, draftId) : undefined,
  );
  return isSame ? and(eq(drafts.staffId, staffId), isSame) : sql`false`;
}

/**
 * Saves what somebody typed, in place of what was saved from the same showing of the form; without a typed word and
 * without an error that is only dropped. "sent": an earlier press stored these words (`bodyHmac`) under the form's key;
 * without `bodyHmac`, for what a browser saves while somebody types, any words. "erased": what the form is about is gone, nothing was kept.
 */
export async function saveDraft(
  staffId: string,
  unsent: UnsentForm,
  { bodyHmac, now = new Date(), ...showing }: Showing & { bodyHmac?: Buffer; now?: Date } = {},
): Promise<"saved" | "sent" | "erased"> {
  return transaction(async (tx) => {
    await lockForm(tx, staffId, unsent.form);
    const { keyHmac } = showing;
    if (keyHmac && (await isStored(tx, keyHmac, bodyHmac))) return "sent";
    const before = draftsOfShowing(staffId, showing);
    if (!hasWords(unsent.values) && Object.keys(unsent.errors).length === 0) {
      await tx.delete(drafts).where(before);
      return "saved";
    }
    return insertDraft(tx, staffId, unsent, { keyHmac, now, before });
  });
}

/** Inside the caller's transaction; `before` are the drafts that it replaces. "erased": what the form is about is gone. */
export async function insertDraft(
  tx: Executor,
  staffId: string,
  unsent: UnsentForm,
  { keyHmac, now, before }: { keyHmac?: Buffer | undefined; now: Date; before?: SQL | undefined },
): Promise<"saved" | "erased"> {
  const { form, page, values } = unsent;
  if (await isErased(tx, unsent)) return "erased";
  const id = newId();
  const sealed = await sealBody(tx, staffId, id, unsent);
  if (sealed === "erased") return "erased";
  if (before) await tx.delete(drafts).where(before);
  const row = { id, staffId, form, page, keyHmac, hasWords: hasWords(values), savedAt: now };
  await tx.insert(drafts).values({ ...row, ...sealed });
  return "saved";
}

async function isStored(tx: Executor, keyHmac: Buffer, bodyHmac: Buffer | undefined): Promise<boolean> {
  const [row] = await tx.select({ body: formKeys.bodyHmac }).from(formKeys).where(eq(formKeys.keyHmac, keyHmac));
  return row !== undefined && (bodyHmac === undefined || row.body.equals(bodyHmac));
}

/** The columns that hold the words; "erased" where the case's key is gone. A case that never was has no key either. */
async function sealBody(tx: Executor, staffId: string, id: string, { form, values, errors }: UnsentForm) {
  const text = JSON.stringify({ values, errors });
  const caseId = caseIdIn(form);
  // Locked, so that an erasure either finds this draft or is seen here.
  const [found] =
    caseId === undefined
      ? []
      : await tx.select({ key: cases.wrappedKey }).from(cases).where(eq(cases.id, caseId)).for("share");
  if (caseId === undefined || !found) {
    const key = unwrap(await ownKey(tx, staffId), "draft_keys.wrapped_key", staffId);
    return { caseId: null, ownBody: seal(key, text, "drafts.own_body", id) };
  }
  if (found.key === null) return "erased";
  return { caseId, caseBody: seal(unwrap(found.key, "cases.wrapped_key", caseId), text, "drafts.case_body", id) };
}

/** The person's wrapped key, made when it is first needed. */
async function ownKey(tx: Executor, staffId: string): Promise<Buffer> {
  const fresh = newDataKey("draft_keys.wrapped_key", staffId);
  await tx.insert(draftKeys).values({ staffId, wrappedKey: fresh.wrapped }).onConflictDoNothing();
  const { wrappedKey } = firstOrNotFound(await tx.select().from(draftKeys).where(eq(draftKeys.staffId, staffId)));
  return wrappedKey;
}

/** Forgets why buttons of a page were refused: another form of that page was stored since, so it may not be true any more. */
export async function forgetRefusals(staffId: string, page: string): Promise<void> {
  await db.delete(drafts).where(and(eq(drafts.staffId, staffId), eq(drafts.page, page), eq(drafts.hasWords, false)));
}

/** Drops one's own draft. Returns the page of its form. Throws NotFound. */
export async function dropDraft(staffId: string, id: string): Promise<string> {
  if (!isId(id)) throw new NotFound("draft");
  const dropped = await db
    .delete(drafts)
    .where(and(eq(drafts.id, id), eq(drafts.staffId, staffId)))
    .returning({ page: drafts.page });
  return firstOrNotFound(dropped).page;
}
