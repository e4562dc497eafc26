/** Reading the journal of a case. */

import { desc, eq } from "drizzle-orm";
import type { Executor } from "#db/client.ts";
import { entries } from "#db/schema/cases.ts";
import { staff as people } from "#db/schema/staff.ts";
import { type CaseKey, unseal } from "#db/vault/vault.ts";

/** The entries of a case, newest first, with their texts opened; empty texts without the key. */
export async function entriesOf(tx: Executor, id: string, key: CaseKey | undefined) {
  const rows = await tx
    .select({ entry: entries, author: people.name })
    .from(entries)
    .innerJoin(people, eq(people.id, entries.authorId))
    .where(eq(entries.caseId, id))
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
