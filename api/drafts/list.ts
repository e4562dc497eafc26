/** All drafts of one person, and how many there are. */

import { and, desc, eq, gt, inArray, type SQL, sql } from "drizzle-orm";
import { caseRoles, isNotErased, visibleTo } from "#api/case-access/visible.ts";
import type { Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { draftKeys, drafts } from "#db/schema/drafts.ts";
import { leads } from "#db/schema/leads.ts";
import { keptForDays, openDraft, type PageDraft } from "./drafts.ts";

const dayMs = 86_400_000;

export interface ListedDraft extends PageDraft {
  /** The case whose page shows its form; undefined for a draft about no case. */
  case: { id: string; reference: string | undefined } | undefined;
  /** From when it is neither shown nor kept. */
  until: Date;
}

/** SQL: drafts of this person that hold something typed and are kept at `now`. The list and its count share it. */
const listed = (staffId: string, now: Date): SQL | undefined =>
  and(eq(drafts.staffId, staffId), drafts.hasWords, gt(drafts.savedAt, new Date(now.getTime() - keptForDays * dayMs)));

/** How many drafts `listDrafts` would return. No sealed text is read. */
export const countDrafts = (staffId: string, now = new Date()): Promise<number> =>
  db.$count(drafts, listed(staffId, now));

/**
 * What this person typed into forms and has not sent, opened, the newest first. The words are theirs, also when the
 * case is not any more: then its reference is left out.
 */
export async function listDrafts(staff: Staff, now = new Date()): Promise<ListedDraft[]> {
  const rows = await db
    .select({ draft: drafts, caseKey: cases.wrappedKey, ownKey: draftKeys.wrappedKey })
    .from(drafts)
    .leftJoin(cases, eq(cases.id, drafts.caseId))
    .leftJoin(draftKeys, eq(draftKeys.staffId, drafts.staffId))
    .where(listed(staff.id, now))
    .orderBy(desc(drafts.savedAt), desc(drafts.id));
  const references = await referencesOf(
    staff,
    rows.flatMap(({ draft }) => draft.caseId ?? []),
  );
  return rows.map(({ draft, caseKey, ownKey }) => ({
    ...openDraft(draft, draft.caseId === null ? ownKey : caseKey),
    case: draft.caseId === null ? undefined : { id: draft.caseId, reference: references.get(draft.caseId) },
    until: new Date(draft.savedAt.getTime() + keptForDays * dayMs),
  }));
}

/** The reference of each of these cases that the person may open now. */
async function referencesOf(staff: Staff, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0 || !caseRoles.includes(staff.role)) return new Map();
  const rows = await db
    .select({ id: cases.id, reference: sql<string>`min(${leads.reference})` })
    .from(cases)
    .innerJoin(consultations, eq(consultations.caseId, cases.id))
    .innerJoin(leads, eq(leads.id, consultations.leadId))
    .where(and(inArray(cases.id, [...new Set(ids)]), isNotErased, visibleTo(staff)))
    .groupBy(cases.id);
  return new Map(rows.map(({ id, reference }) => [id, reference]));
}
