/** Consents to publication as staff read them. What of them holds is told by the views of the migration, and nowhere else. */

import { and, desc, eq } from "drizzle-orm";
import { findEntry } from "#api/content/entries.ts";
import type { Staff } from "#db/actor.ts";
import { db, type Executor } from "#db/client.ts";
import { approvals, previewLinks } from "#db/schema/approvals.ts";
import { staff as people } from "#db/schema/staff.ts";
import type { ContentKind } from "#db/terms/content.ts";
import type { Locale } from "#db/terms/locale.ts";
import { unseal, unwrap } from "#db/vault/vault.ts";

export type ApprovalRow = typeof approvals.$inferSelect;

/** The name of who gave a consent; undefined where none was kept, or it is erased. */
export function giverOf({
  id,
  wrappedKey,
  givenBy,
}: Pick<ApprovalRow, "id" | "wrappedKey" | "givenBy">): string | undefined {
  if (wrappedKey === null || givenBy === null) return undefined;
  return unseal(unwrap(wrappedKey, "approvals.wrapped_key", id), givenBy, "approvals.given_by", id);
}

/** The consents of an entry, the newest first. Throws Forbidden and NotFound as `findEntry`. */
export async function approvalsOf(staff: Staff, kind: ContentKind, contentId: string): Promise<ApprovalRow[]> {
  await findEntry(db, staff, kind, contentId);
  return newestFirst(db, contentId);
}

const newestFirst = (tx: Executor, contentId: string) =>
  tx
    .select()
    .from(approvals)
    .where(eq(approvals.contentId, contentId))
    .orderBy(desc(approvals.recordedAt), desc(approvals.id));

/** The newest consent to a revision, which replaces those before it; undefined where there is none. */
export async function consentTo(
  tx: Executor,
  { contentId, locale, revisionNo }: { contentId: string; locale: Locale; revisionNo: number },
): Promise<ApprovalRow | undefined> {
  const all = await newestFirst(tx, contentId);
  return all.find((row) => row.locale === locale && row.revisionNo === revisionNo);
}

/** A link to a revision, with what came back. */
export interface LinkWithAnswer {
  id: string;
  locale: Locale;
  revisionNo: number;
  purpose: "approve" | "look";
  by: string;
  madeAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
  answer: "approved" | "change" | null;
  answeredAt: Date | null;
  /** What is to be changed, in the words of whoever was asked; undefined where nothing was asked, and once it is erased. */
  words: string | undefined;
}

/** The links to a language of an entry, the newest first. Throws as `findEntry`. */
export async function linksOf(
  staff: Staff,
  kind: ContentKind,
  contentId: string,
  locale: Locale,
): Promise<LinkWithAnswer[]> {
  await findEntry(db, staff, kind, contentId);
  const rows = await db
    .select({ link: previewLinks, by: people.name })
    .from(previewLinks)
    .innerJoin(people, eq(people.id, previewLinks.madeBy))
    .where(and(eq(previewLinks.contentId, contentId), eq(previewLinks.locale, locale)))
    .orderBy(desc(previewLinks.madeAt));
  return rows.map(({ link: { wrappedKey, answerWords, contentId: _content, madeBy: _by, ...link }, by }) => ({
    ...link,
    by,
    words:
      wrappedKey === null || answerWords === null
        ? undefined
        : unseal(
            unwrap(wrappedKey, "preview_links.wrapped_key", link.id),
            answerWords,
            "preview_links.answer_words",
            link.id,
          ),
  }));
}
