/** Locking a case for a change. */

import { and, eq, sql } from "drizzle-orm";
import type { Staff } from "#db/actor.ts";
import type { Executor } from "#db/client.ts";
import { firstOrNotFound, Refused } from "#db/errors.ts";
import { cases } from "#db/schema/cases.ts";
import type { CaseState } from "#db/terms/cases.ts";
import { lastChange } from "./last-change.ts";
import { visibleTo } from "./visible.ts";

/**
 * Locks the row of a case for a change and returns it. Throws NotFound if this member of staff may not see it, and
 * Refused when it was erased or is not at `version` any more (optimistic locking), with who changed it, how and when.
 */
export async function lockCase(tx: Executor, staff: Staff, id: string, version?: number) {
  const found = firstOrNotFound(
    await tx
      .select()
      .from(cases)
      .where(and(eq(cases.id, id), visibleTo(staff)))
      .for("update"),
  );
  if (found.wrappedKey === null) throw new Refused("この相談の内容は消去されているため、操作できません。");
  if (version !== undefined && found.version !== version) {
    const what = (await lastChange(tx, staff, id)) || "ほかの人が先にこの事例を変更しました。";
    throw new Refused(`${what}いまの内容を確かめて、もう一度操作してください。入力した内容は残っています。`);
  }
  return found;
}

/** Sets the state of a locked case; raises its version. */
export async function setState(tx: Executor, id: string, state: CaseState): Promise<void> {
  await tx
    .update(cases)
    .set({ state, ...raised })
    .where(eq(cases.id, id));
}

/** Raises the version of a locked case, so that pages opened before are out of date. */
export async function raiseVersion(tx: Executor, id: string): Promise<void> {
  await tx.update(cases).set(raised).where(eq(cases.id, id));
}

const raised = { version: sql`${cases.version} + 1` };
