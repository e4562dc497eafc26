/** Consents to publication as staff read them. What of them holds is told by the views of the migration, and nowhere else. */

import { and, desc, eq, gt, inArray } from "drizzle-orm";
import { findEntry } from "#api/content/entries.ts";
import { allow, type Staff } from "#db/actor.ts";
import { db, type Executor } from "#db/client.ts";
import { approvals, previewLinks } from "#db/schema/approvals.ts";
import { content, contentRevisions } from "#db/schema/content.ts";
import { staff as people } from "#db/schema/staff.ts";
import { firstWordsOfEntry } from "#db/terms/content-fields.ts";
import { type ContentKind, contentRoles, kindsKeptBy } from "#db/terms/content.ts";
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

/** What is to be changed, in the words of whoever was asked; undefined where nothing was said, and once it is erased. */
export function wordsOf({
  id,
  wrappedKey,
  answerWords,
}: Pick<typeof previewLinks.$inferSelect, "id" | "wrappedKey" | "answerWords">): string | undefined {
  if (wrappedKey === null || answerWords === null) return undefined;
  const key = unwrap(wrappedKey, "preview_links.wrapped_key", id);
  return unseal(key, answerWords, "preview_links.answer_words", id);
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
    words: wordsOf({ id: link.id, wrappedKey, answerWords }),
  }));
}

/** Days for which an answer stands among those that came lately. */
export const recentAnswerDays = 30;

/** What somebody answered by a link. What they want changed is read beside the text itself. */
export interface RecentAnswer {
  id: string;
  contentId: string;
  kind: ContentKind;
  locale: Locale;
  title: string;
  answer: "approved" | "change";
  answeredAt: Date;
}

/** The answers of the last 30 days about entries of the kinds that a role keeps, the newest first. Throws Forbidden. */
export async function recentAnswers(staff: Staff, now = new Date()): Promise<RecentAnswer[]> {
  allow(staff, ...contentRoles);
  const rows = await db
    .select({ link: previewLinks, kind: content.kind, body: contentRevisions.body })
    .from(previewLinks)
    .innerJoin(content, eq(content.id, previewLinks.contentId))
    .innerJoin(
      contentRevisions,
      and(
        ...[eq(contentRevisions.contentId, previewLinks.contentId), eq(contentRevisions.locale, previewLinks.locale)],
        eq(contentRevisions.no, previewLinks.revisionNo),
      ),
    )
    .where(
      and(
        inArray(content.kind, kindsKeptBy(staff.role)),
        gt(previewLinks.answeredAt, new Date(now.getTime() - recentAnswerDays * 86_400_000)),
      ),
    )
    .orderBy(desc(previewLinks.answeredAt));
  return rows.flatMap(({ link: { id, contentId, locale, answer, answeredAt }, kind, body }) =>
    answer && answeredAt
      ? [{ id, contentId, kind, locale, title: firstWordsOfEntry(kind, body), answer, answeredAt }]
      : [],
  );
}
