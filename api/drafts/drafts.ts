/** Drafts of a page: what the person typed into its forms and has not sent, opened. */

import { and, desc, eq, gt, isNull, sql } from "drizzle-orm";
import { db, type Executor } from "#db/client.ts";
import { cases } from "#db/schema/cases.ts";
import { draftKeys, drafts } from "#db/schema/drafts.ts";
import { keepDraftDays } from "#db/terms/privacy.ts";
import { unseal, unwrap } from "#db/vault/vault.ts";
import { hasWords, type UnsentForm } from "./unsent.ts";

/** Days after which a draft is neither shown nor kept (api/privacy/retention.ts). */
export const keptForDays = keepDraftDays;

/** A refused button, without a word typed, says why for so long at most: what it says may not be true any more. */
const buttonMinutes = 3;

export interface PageDraft extends UnsentForm {
  id: string;
  savedAt: Date;
  /** Whether it holds anything that was typed; otherwise only the reason why a button was refused. */
  hasWords: boolean;
}

/** The drafts of one person for the forms of one page, the newest first. */
export async function draftsOfPage(staffId: string, page: string, now = new Date()): Promise<PageDraft[]> {
  const rows = await db
    .select({ draft: drafts, caseKey: cases.wrappedKey, ownKey: draftKeys.wrappedKey })
    .from(drafts)
    .leftJoin(cases, eq(cases.id, drafts.caseId))
    .leftJoin(draftKeys, eq(draftKeys.staffId, drafts.staffId))
    .where(
      and(
        eq(drafts.staffId, staffId),
        eq(drafts.page, page),
        gt(drafts.savedAt, new Date(now.getTime() - keptForDays * 86_400_000)),
      ),
    )
    .orderBy(desc(drafts.savedAt));
  return rows
    .map(({ draft, caseKey, ownKey }) => openDraft(draft, draft.caseId === null ? ownKey : caseKey))
    .filter((draft) => draft.hasWords || draft.savedAt.getTime() > now.getTime() - buttonMinutes * 60_000);
}

/**
 * All that anybody typed into the forms at and below this path and has not sent, one text for each field; forms about a case are left
 * out. For whoever must know whether a text that may yet be sent names something; it is shown to nobody.
 */
export async function typedInto(path: string, now: Date, from: Executor = db): Promise<string[]> {
  const isKept = gt(drafts.savedAt, new Date(now.getTime() - keptForDays * 86_400_000));
  const rows = await from
    .select({ draft: drafts, ownKey: draftKeys.wrappedKey })
    .from(drafts)
    .innerJoin(draftKeys, eq(draftKeys.staffId, drafts.staffId))
    .where(and(isNull(drafts.caseId), sql`starts_with(${drafts.form}, ${path})`, drafts.hasWords, isKept));
  const values = rows.flatMap(({ draft, ownKey }) => Object.values(openDraft(draft, ownKey).values));
  return values.flat().filter((value) => typeof value === "string");
}

/** `wrappedKey`: the case's for a draft about a case, else the person's. */
export function openDraft(row: typeof drafts.$inferSelect, wrappedKey: Buffer | null): PageDraft {
  const { id, caseId, form, page, caseBody, ownBody, staffId, savedAt } = row;
  const json =
    caseId === null
      ? unseal(unwrap(wrappedKey, "draft_keys.wrapped_key", staffId), ownBody ?? nothing, "drafts.own_body", id)
      : unseal(unwrap(wrappedKey, "cases.wrapped_key", caseId), caseBody ?? nothing, "drafts.case_body", id);
  const { values, errors } = JSON.parse(json) as Pick<UnsentForm, "values" | "errors">;
  return { id, form, page, values, errors, savedAt, hasWords: hasWords(values) };
}

/** The table allows no row without its body. */
const nothing = Buffer.alloc(0);

/**
 * What the form's path adds to the page's: "entries" for /staff/cases/<id>/entries on /staff/cases/<id>. Undefined for
 * the main form of the page, which posts to the page's own path or to one beside it (formName in api/forms/read-form.ts).
 */
export const draftFormName = ({ form, page }: Pick<UnsentForm, "form" | "page">): string | undefined =>
  form.startsWith(`${page}/`) ? form.slice(page.length + 1) : undefined;
