/** Deleting a draft, and which pictures go with it. What was sent stays for ever. */

import { and, eq, inArray, isNull, ne } from "drizzle-orm";
import { allow, audit, type Staff } from "#db/actor.ts";
import { type Executor, type Transaction, db, transaction } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { deliveries, newsletters, newsletterTests } from "#db/schema/mail.ts";
import { writingWords } from "#db/words/staff/newsletter-writing.ts";
import { picturesIn, picturesNamedIn } from "#emails/markdown/segments.ts";
import { isCopyOf } from "#emails/outbox/outbox.ts";
import { findDraft, type Newsletter, writers } from "./newsletters.ts";

/**
 * Deletes a draft at the version that the person saw. Test mails of it stay in the ledger; those that wait are cancelled when their turn
 * comes. `removePictures` deletes the pictures that no other issue shows. Throws Refused when it was sent or changed since.
 */
export async function deleteNewsletter(
  staff: Staff,
  id: string,
  version: number,
  removePictures: (tx: Transaction, ids: string[]) => Promise<void>,
): Promise<void> {
  allow(staff, ...writers);
  await transaction(async (tx) => {
    const issue = await findDraft(tx, id);
    if (issue.version !== version) throw new Refused(writingWords.deleteChanged);
    // A database that was restored to a moment before the sending knows the issue as a draft, with the rows of those who got it.
    const [mailed] = await tx.select({ id: deliveries.id }).from(deliveries).where(isCopyOf(id)).limit(1);
    if (mailed) throw new Refused(writingWords.deleteSent);
    const pictures = await ownPictures(issue, tx);
    const tests = tx.select({ id: deliveries.id }).from(deliveries).where(eq(deliveries.newsletterId, id));
    await tx.delete(newsletterTests).where(inArray(newsletterTests.deliveryId, tests));
    await tx.update(deliveries).set({ newsletterId: null }).where(eq(deliveries.newsletterId, id));
    await tx.delete(newsletters).where(eq(newsletters.id, id));
    await removePictures(tx, pictures);
    await audit(tx, staff, "delete", "newsletter", id);
  });
}

/** The pictures that this issue shows and no other does. */
export async function ownPictures({ id, body }: Newsletter, from: Executor = db): Promise<string[]> {
  const shown = picturesIn(body);
  if (shown.length === 0) return [];
  const others = await picturesOfIssues(from, id);
  return shown.filter((picture) => !others.has(picture));
}

/** Ids of the pictures that issues name, sent or not: in their texts, in those on the web and in test mails that have yet to go out. `except`: the id of an issue that does not count. */
export async function picturesOfIssues(from: Executor = db, except?: string): Promise<Set<string>> {
  const { id, body, webBody } = newsletters;
  const issues = await from
    .select({ body, webBody })
    .from(newsletters)
    .where(except === undefined ? undefined : ne(id, except));
  const tests = await from
    .select({ body: newsletterTests.body })
    .from(newsletterTests)
    .innerJoin(deliveries, eq(deliveries.id, newsletterTests.deliveryId))
    .where(and(isNull(deliveries.finishedAt), except === undefined ? undefined : ne(deliveries.newsletterId, except)));
  const texts = [...issues.flatMap((issue) => [issue.body, issue.webBody ?? ""]), ...tests.map((test) => test.body)];
  return new Set(texts.flatMap(picturesNamedIn));
}
