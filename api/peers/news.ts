/**
 * What a peer has not read yet: a brief, an entry that was shown to them, what every reader must know (必ず読む), a case
 * that they were asked to help in.
 */

import { and, eq, inArray, isNotNull, sql } from "drizzle-orm";
import type { Executor } from "#db/client.ts";
import { briefs } from "#db/schema/briefs.ts";
import { assignments, caseReads, cases, entries } from "#db/schema/cases.ts";
import { sideNotes } from "#db/schema/side-notes.ts";

export interface News {
  /** When the newest of it came. Null: there is nothing. */
  newestAt: Date | null;
  /** Up to when this person has read the case; null: they never opened it. */
  readAt: Date | null;
}

/** By case. What the family and colleagues write without showing it to peers is no news: a peer could not read it. */
export async function newsFor(tx: Executor, staffId: string, ids: readonly string[]): Promise<Map<string, News>> {
  const rows = await tx
    .select({
      id: cases.id,
      briefAt: briefs.writtenAt,
      shownAt: sql<Date | null>`(select max(shown.shown_to_peers_at) from ${entries} shown
        where shown.case_id = ${cases.id} and shown.author_id <> ${staffId}::uuid)`.mapWith(entries.shownToPeersAt),
      notedAt: sql<Date | null>`(select max(note.written_at) from ${sideNotes} note
        where note.case_id = ${cases.id})`.mapWith(sideNotes.writtenAt),
      askedAt: sql<Date | null>`(select max(asked.assigned_at) from ${assignments} asked
        where asked.case_id = ${cases.id} and asked.staff_id = ${staffId}::uuid and asked.ended_at is null)`.mapWith(
        assignments.assignedAt,
      ),
      readAt: caseReads.readAt,
    })
    .from(cases)
    .leftJoin(briefs, eq(briefs.caseId, cases.id))
    .leftJoin(caseReads, and(eq(caseReads.caseId, cases.id), eq(caseReads.staffId, staffId)))
    .where(and(inArray(cases.id, [...ids]), isNotNull(cases.wrappedKey)));
  return new Map(
    rows.map(({ id, readAt, ...came }) => {
      const times = Object.values(came).flatMap((at) => (at === null ? [] : [at.getTime()]));
      return [id, { newestAt: times.length === 0 ? null : new Date(Math.max(...times)), readAt }];
    }),
  );
}

/** A case that was never opened is unread. */
export const isUnread = ({ newestAt, readAt }: News): boolean =>
  readAt === null || (newestAt !== null && newestAt > readAt);
