/** Reading the journal of a case. */

import { and, desc, eq, isNotNull, or, type SQL } from "drizzle-orm";
import type { Executor } from "#db/client.ts";
import { entries } from "#db/schema/cases.ts";
import { staff as people } from "#db/schema/staff.ts";
import { type CaseKey, unseal } from "#db/vault/vault.ts";

/** The entries of a case, newest first, with their texts opened; empty texts without the key. */
export function entriesOf(tx: Executor, id: string, key: CaseKey | undefined) {
  return read(tx, id, key);
}

/**
 * The same for a peer who helps in the case: those that a coordinator shows to peers, and those that the peer wrote.
 * The others are not read at all.
 */
export function entriesShownTo(tx: Executor, id: string, key: CaseKey, peerId: string) {
  return read(tx, id, key, or(isNotNull(entries.shownToPeersAt), eq(entries.authorId, peerId)));
}

async function read(tx: Executor, id: string, key: CaseKey | undefined, only?: SQL) {
  const rows = await tx
    .select({ entry: entries, author: people.name })
    .from(entries)
    .innerJoin(people, eq(people.id, entries.authorId))
    .where(and(eq(entries.caseId, id), only))
    .orderBy(desc(entries.happenedAt), desc(entries.id));
  return rows.map(({ entry, author }) => {
    const body = key
      ? (JSON.parse(unseal(key, entry.body, "entries.body", entry.id)) as EntryBody)
      : { who: "", whom: "", what: "" };
    return { ...entry, body, author };
  });
}

/** The sealed part of a journal entry. */
export interface EntryBody {
  who: string;
  whom: string;
  what: string;
}
