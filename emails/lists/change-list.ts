/** Changing what a list is called, where answers to its issues go, and whether anybody may join it on the site. */

import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import { allow, audit, type Staff } from "#db/actor.ts";
import { db, transaction } from "#db/client.ts";
import { firstOrNotFound, Invalid, Refused } from "#db/errors.ts";
import { lists } from "#db/schema/mail.ts";
import { writingWords } from "#db/words/staff/newsletter-writing.ts";
import { defaultList, type List } from "./lists.ts";

type ListFacts = Pick<List, "name" | "description" | "replyTo" | "isPublic">;

/** Who may change a list: those who write to it. */
const keepers = ["manager", "fundraiser"] as const;

/** One list by its slug. Throws NotFound, Forbidden. */
export async function getList(staff: Staff, slug: string): Promise<List> {
  allow(staff, ...keepers);
  return firstOrNotFound(await db.select().from(lists).where(eq(lists.slug, slug)));
}

/** A short mark of a list's facts, by which a form that showed others is recognised. */
export const factsMark = ({ name, description, replyTo, isPublic }: ListFacts): string =>
  createHash("sha256")
    .update(JSON.stringify([name, description, replyTo, isPublic]))
    .digest("hex")
    .slice(0, 16);

/**
 * Changes a list. `shown`: `factsMark` of what the person saw. Throws Refused when it is not that any more, NotFound, Forbidden, Invalid
 * where the list that is offered beside guides would not be public. */
export async function changeList(staff: Staff, slug: string, facts: ListFacts, shown: string): Promise<void> {
  allow(staff, ...keepers);
  if (slug === defaultList && !facts.isPublic) throw new Invalid({ is_public: writingWords.defaultListPublic });
  await transaction(async (tx) => {
    const list = firstOrNotFound(await tx.select().from(lists).where(eq(lists.slug, slug)).for("update"));
    if (factsMark(list) !== shown) throw new Refused(writingWords.listChanged);
    const { name, description, replyTo, isPublic } = facts;
    await tx.update(lists).set({ name, description, replyTo, isPublic }).where(eq(lists.id, list.id));
    await audit(tx, staff, "save", "list", list.id, { public: isPublic });
  });
}
