/** Writing an issue: drafts, and test mails to oneself. */

import { and, eq, inArray, isNotNull } from "drizzle-orm";
import { allow, audit, type Staff } from "#db/actor.ts";
import { type Transaction, transaction } from "#db/client.ts";
import { firstOrNotFound, Refused } from "#db/errors.ts";
import { newId } from "#db/random/ids.ts";
import { deliveries, newsletters, newsletterTests } from "#db/schema/mail.ts";
import { writingWords } from "#db/words/staff/newsletter-writing.ts";
import { chosenLists, defaultList } from "#emails/lists/lists.ts";
import { withBlock } from "#emails/markdown/insert.ts";
import { enqueue } from "#emails/outbox/outbox.ts";
import { webWordsOf } from "./archive.ts";
import { type Draft, findDraft, findNewsletter, type Newsletter, requireContent, writers } from "./newsletters.ts";

/** Creates a draft for one list, whatever of it is still empty; returns its id. Throws Invalid for a list that does not exist. */
export async function createNewsletter(staff: Staff, draft: Draft): Promise<string> {
  allow(staff, ...writers);
  const id = newId();
  await transaction(async (tx) => {
    const { list = defaultList, ...written } = draft;
    const { id: listId } = firstOrNotFound(await chosenLists(tx, [list], "list"));
    await insertDraft(tx, staff, { id, listId, ...written });
    await audit(tx, staff, "create", "newsletter", id);
  });
  return id;
}

/** A new draft with the words of an issue, sent or not: those of its copy on the web where they were corrected. Throws NotFound. */
export async function duplicateNewsletter(staff: Staff, id: string): Promise<{ id: string; isOfCorrection: boolean }> {
  allow(staff, ...writers);
  return transaction(async (tx) => {
    const issue = await findNewsletter(tx, id);
    const { listId, preheader, showsSubject } = issue;
    const copy = { id: newId(), listId, preheader, showsSubject, ...webWordsOf(issue) };
    await insertDraft(tx, staff, copy);
    await audit(tx, staff, "duplicate", "newsletter", copy.id, { from: id });
    return { id: copy.id, isOfCorrection: issue.webCorrectedAt !== null };
  });
}

type NewRow = Omit<Draft, "list"> & { id: string; listId: string };

async function insertDraft(tx: Transaction, staff: Staff, row: NewRow): Promise<void> {
  await tx.insert(newsletters).values({ ...row, slug: row.id, authorId: staff.id, ...savedBy(staff) });
}

const savedBy = (staff: Staff) => ({ lastWriterId: staff.id, savedAt: new Date() });

/** Shown when somebody else has saved since the text was read (optimistic locking by `version`); the page shows both texts. */
const conflictSentence =
  "ほかの人が先に保存していました。下に両方の文章があります。見比べて、残したい内容にしてからもう一度保存してください。";

/** Saves a draft, and its list if one is named. Throws Refused when it is no longer at `version` or was sent already, Invalid for a list that does not exist. */
export async function saveNewsletter(staff: Staff, id: string, draft: Draft & { version: number }): Promise<void> {
  allow(staff, ...writers);
  await transaction(async (tx) => {
    const issue = await findDraft(tx, id);
    if (issue.version !== draft.version) throw new Refused(conflictSentence);
    const { list: slug, version: _, ...written } = draft;
    const [list] = slug === undefined ? [] : await chosenLists(tx, [slug], "list");
    await change(tx, staff, issue, { ...written, listId: list?.id ?? issue.listId });
  });
}

/** Puts a block into a draft behind so many lines of its text; `store` stores what the block shows. Throws Refused as `saveNewsletter`. */
export async function insertIntoNewsletter(
  staff: Staff,
  id: string,
  { version, line, block }: { version: number; line: number; block: string },
  store: (tx: Transaction) => Promise<void> = async () => {},
): Promise<void> {
  allow(staff, ...writers);
  await transaction(async (tx) => {
    const issue = await findDraft(tx, id);
    if (issue.version !== version) throw new Refused(writingWords.insertChanged);
    await store(tx);
    await change(tx, staff, issue, { body: withBlock(issue.body, block, line) });
  });
}

async function change(
  tx: Transaction,
  staff: Staff,
  issue: Newsletter,
  set: Partial<typeof newsletters.$inferInsert>,
): Promise<void> {
  const version = issue.version + 1;
  await tx
    .update(newsletters)
    .set({ ...set, ...savedBy(staff), version })
    .where(eq(newsletters.id, issue.id));
  await audit(tx, staff, "save", "newsletter", issue.id, { version });
}

/**
 * Queues a test mail to this member of staff alone, of the text as it is now, which is to be the one saved as `version`. Throws Refused while subject or body is
 * empty, and when somebody has saved another text since.
 */
export async function sendTest(staff: Staff, id: string, version?: number): Promise<void> {
  allow(staff, ...writers);
  await transaction(async (tx) => {
    const issue = requireContent(await findNewsletter(tx, id, true));
    if (version !== undefined && version !== issue.version) throw new Refused(writingWords.testChanged);
    await forgetTests(tx, id);
    const deliveryId = await enqueue(tx, { kind: "newsletter_test", newsletterId: id, staffId: staff.id });
    const { listId, subject, preheader, showsSubject, body } = issue;
    await tx.insert(newsletterTests).values({ deliveryId, listId, subject, preheader, showsSubject, body });
    await audit(tx, staff, "send_test", "newsletter", id);
  });
}

/** Deletes the texts of an issue's test mails that have had their end. */
async function forgetTests(tx: Transaction, id: string): Promise<void> {
  const ended = tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(eq(deliveries.newsletterId, id), isNotNull(deliveries.finishedAt)));
  await tx.delete(newsletterTests).where(inArray(newsletterTests.deliveryId, ended));
}
