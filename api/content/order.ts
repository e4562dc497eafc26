/** The order of a list, by buttons. */

import { asc, eq, sql } from "drizzle-orm";
import { allow, audit, type Staff } from "#db/actor.ts";
import { db, type Executor, type Transaction, transaction } from "#db/client.ts";
import { NotFound, Refused } from "#db/errors.ts";
import { content, contentLists } from "#db/schema/content.ts";
import { contentKeepers, type ContentKind, isDated } from "#db/terms/content.ts";
import { contentWords } from "#db/words/staff/content.ts";
import { findEntry } from "./entries.ts";
import type { Move } from "./forms.ts";

/** What the button said: which entry, whereto, and for a step which entry stood there when the list was shown. */
export interface Moved {
  id: string;
  move: Move;
  past?: string | undefined;
  /** Version of the list as it was shown. */
  version: number;
}

/** Counts the changes of a list's order; a page shows it with its buttons. Throws Forbidden as `findEntry`. */
export async function listVersion(staff: Staff, kind: ContentKind): Promise<number> {
  allow(staff, ...contentKeepers[kind]);
  const [list] = await db.select().from(contentLists).where(eq(contentLists.kind, kind));
  return list?.version ?? 0;
}

/**
 * Moves an entry to one end of its list, or past the one beside it. A list that was changed meanwhile is no obstacle where
 * the step still means the same: the entry it was to pass still stands beside it. Otherwise throws Refused, and nothing
 * is moved; also where the entry is at that end already, and for a kind that stands in the order of its days.
 */
export async function moveEntry(staff: Staff, kind: ContentKind, { id, move, past, version }: Moved): Promise<void> {
  await transaction(async (tx) => {
    await findEntry(tx, staff, kind, id);
    if (isDated(kind)) throw new Refused(contentWords.byDay);
    const current = await lockList(tx, kind);
    const list = await orderOf(tx, kind);
    const ids = list.filter(({ archivedAt }) => archivedAt === null).map((one) => one.id);
    const from = ids.indexOf(id);
    if (from === -1) throw new NotFound();
    const to = { first: 0, up: from - 1, down: from + 1, last: ids.length - 1 }[move];
    const neighbour = ids[to];
    if (to === from || neighbour === undefined) throw new Refused(contentWords.onEdge);
    const isStep = move === "up" || move === "down";
    if (isStep && current !== version && neighbour !== past) throw new Refused(contentWords.orderChanged);
    // What was put away keeps its place among the others.
    const others = list.map((one) => one.id).filter((one) => one !== id);
    const place = others.indexOf(neighbour) + (to > from ? 1 : 0);
    await writeOrder(tx, others.toSpliced(place, 0, id));
    await tx
      .update(contentLists)
      .set({ version: current + 1 })
      .where(eq(contentLists.kind, kind));
    await audit(tx, staff, "move", "content", id, { kind, move });
  });
}

/** The version of a list, which nobody else changes until the transaction ends. */
async function lockList(tx: Transaction, kind: ContentKind): Promise<number> {
  await tx.insert(contentLists).values({ kind }).onConflictDoNothing();
  const [list] = await tx.select().from(contentLists).where(eq(contentLists.kind, kind)).for("update");
  return list?.version ?? 0;
}

/** The entries of a kind in the order of their list, those that were put away as well. */
const orderOf = (tx: Executor, kind: ContentKind) =>
  tx
    .select({ id: content.id, archivedAt: content.archivedAt })
    .from(content)
    .where(eq(content.kind, kind))
    .orderBy(asc(content.position), asc(content.id));

/** Rows whose position does not change are not written. */
async function writeOrder(tx: Executor, ids: readonly string[]): Promise<void> {
  await tx.execute(sql`
    update content c set position = n.position
    from json_array_elements_text(${JSON.stringify(ids)}::json) with ordinality n(id, position)
    where c.id = n.id::uuid and c.position <> n.position`);
}
