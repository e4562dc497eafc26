/** Who is written to about an entry and its consents. */

import { isNull } from "drizzle-orm";
import type { Transaction } from "#db/client.ts";
import { staff as people } from "#db/schema/staff.ts";
import { contentKeepers, type ContentKind } from "#db/terms/content.ts";

/**
 * Ids of active staff to write to about entries of a kind: `first`, such as whoever made the entry, or, where they left or
 * changed their role, everybody who keeps the kind.
 */
export async function keepersOf(tx: Transaction): Promise<(kind: ContentKind, first: string | null) => string[]> {
  const active = await tx.select({ id: people.id, role: people.role }).from(people).where(isNull(people.disabledAt));
  return (kind, first) => {
    const keepers = active.filter(({ role }) => contentKeepers[kind].includes(role)).map(({ id }) => id);
    return first !== null && keepers.includes(first) ? [first] : keepers;
  };
}
