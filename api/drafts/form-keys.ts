/**
 * Idempotency of staff forms. Every form carries a key, made when its page is shown. The row of the key is written
 * first in the transaction of what the form does, so that a repeat, also one at the same moment, finds it.
 */

import { hash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { eq } from "drizzle-orm";
import { type Executor, db } from "#db/client.ts";
import { drafts, formKeys } from "#db/schema/drafts.ts";
import { formHmac } from "#db/vault/tokens.ts";
import { draftsOfShowing, lockForm } from "./save.ts";
import { caseIdIn } from "./unsent.ts";

/** One POST of a staff form. */
export interface SentForm {
  staffId: string;
  /** Path that it was posted to. */
  form: string;
  /** Absent where a program sends no key: then nothing recognises a repeat. */
  keyHmac: Buffer | undefined;
  bodyHmac: Buffer;
  /** The draft that lay in the form when it was shown. */
  draftId: string | undefined;
}

/** HMAC of a key as this person's; nobody can use up another's. */
export const keyHmacOf = (staffId: string, key: unknown): Buffer | undefined =>
  typeof key === "string" && key !== "" && key.length <= 200 ? formHmac("form_key", `${staffId}\0${key}`) : undefined;

/** HMAC of what was sent to a form, independent of the order of its fields; of a file its bytes count. */
export async function bodyHmacOf(form: string, values: Record<string, unknown>): Promise<Buffer> {
  const { key: _key, draft: _draft, ...fields } = values;
  const pairs = Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const parts = await Promise.all(
    pairs.map(async ([name, value]) => [name, await Promise.all([value].flat().map(digestOfFile))]),
  );
  return formHmac("form_body", JSON.stringify([form, parts]));
}

const digestOfFile = async (value: unknown) =>
  value instanceof File ? [value.name, hash("sha256", Buffer.from(await value.arrayBuffer()))] : value;

/** Thrown to undo a transaction whose form was stored by another request at the same moment. */
class StoredMeanwhile extends Error {
  override name = "StoredMeanwhile";
}

/**
 * The first step of the transaction that stores a form: waits for an earlier press of the same form, takes the key,
 * and drops the draft, since its words are now stored. Throws when the key was taken meanwhile.
 */
export async function claimKey(tx: Executor, sent: SentForm, now = new Date()): Promise<void> {
  const { staffId, form, keyHmac, bodyHmac } = sent;
  await lockForm(tx, staffId, form);
  if (keyHmac) {
    const row = { keyHmac, staffId, form, bodyHmac, caseId: caseIdIn(form) ?? null, createdAt: now };
    const taken = await tx.insert(formKeys).values(row).onConflictDoNothing().returning({ form: formKeys.form });
    if (taken.length === 0) throw new StoredMeanwhile(form);
  }
  await tx.delete(drafts).where(draftsOfShowing(staffId, sent));
}

/** Notes where the answer led, for repeats. A form that made a case belongs to it from now on: erasing the case deletes its HMAC too. */
export async function recordLocation({ keyHmac }: SentForm, location: string): Promise<void> {
  if (!keyHmac) return;
  const caseId = caseIdIn(location.split(/[?#]/u)[0] ?? "");
  await db
    .update(formKeys)
    .set({ location, ...(caseId !== undefined && { caseId }) })
    .where(eq(formKeys.keyHmac, keyHmac));
}

/** What became of the form that was stored under this key. */
export interface Stored {
  /** False when other words were sent under the key then. */
  isSame: boolean;
  /** Where its answer led; null when its process ended before it could answer. */
  location: string | null;
}

/** The answer to a repeat is noted right after the commit; a repeat that comes between waits for it so long at most. */
const waits = { times: 40, ms: 50 };

/** What was stored under the key of this form; undefined when nothing was. */
export async function storedUnder({ keyHmac, bodyHmac }: SentForm): Promise<Stored | undefined> {
  if (!keyHmac) return undefined;
  for (let waited = 0; ; waited++) {
    const [row] = await db.select().from(formKeys).where(eq(formKeys.keyHmac, keyHmac));
    if (!row) return undefined;
    const isSame = row.bodyHmac.equals(bodyHmac);
    if (!isSame || row.location !== null || waited === waits.times) return { isSame, location: row.location };
    await sleep(waits.ms);
  }
}
