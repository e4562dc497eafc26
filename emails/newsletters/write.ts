/** Writing an issue: drafts, and test mails to oneself. */

import { eq } from "drizzle-orm";
import { allow, audit, type Staff } from "#db/actor.ts";
import { transaction } from "#db/client.ts";
import { firstOrNotFound, Refused } from "#db/errors.ts";
import { newId } from "#db/random/ids.ts";
import { newsletters } from "#db/schema/mail.ts";
import { chosenLists, defaultList } from "#emails/lists/lists.ts";
import { enqueue } from "#emails/outbox/outbox.ts";
import { type Draft, findDraft, findNewsletter, requireContent, writers } from "./newsletters.ts";

/** Creates a draft for one list; returns its id. Throws Invalid for a list that does not exist. */
export async function createNewsletter(staff: Staff, { subject, body, list = defaultList }: Draft): Promise<string> {
  allow(staff, ...writers);
  const id = newId();
  await transaction(async (tx) => {
    const { id: listId } = firstOrNotFound(await chosenLists(tx, [list], "list"));
    await tx.insert(newsletters).values({ id, listId, slug: id, subject, body, authorId: staff.id });
    await audit(tx, staff, "create", "newsletter", id);
  });
  return id;
}

/** Shown when somebody else has saved since the text was read (optimistic locking by `version`); the page shows both texts. */
const conflictSentence =
  "ほかの人が先に保存していました。下に両方の文章があります。見比べて、残したい内容にしてからもう一度保存してください。";

/** Saves a draft, and its list if one is named. Throws Refused when it is no longer at `version` or was sent already, Invalid for a list that does not exist. */
export async function saveNewsletter(staff: Staff, id: string, draft: Draft & { version: number }): Promise<void> {
  allow(staff, ...writers);
  await transaction(async (tx) => {
    const issue = await findDraft(tx, id);
    if (issue.version !== draft.version) throw new Refused(conflictSentence);
    const [list] = draft.list === undefined ? [] : await chosenLists(tx, [draft.list], "list");
    const listId = list?.id ?? issue.listId;
    await tx
      .update(newsletters)
      .set({ subject: draft.subject, body: draft.body, listId, version: issue.version + 1 })
      .where(eq(newsletters.id, id));
    await audit(tx, staff, "save", "newsletter", id, { version: issue.version + 1 });
  });
}

/** Queues a test mail of the saved text to this member of staff alone. Throws Refused while subject or body is empty. */
export async function sendTest(staff: Staff, id: string): Promise<void> {
  allow(staff, ...writers);
  await transaction(async (tx) => {
    requireContent(await findNewsletter(tx, id));
    await enqueue(tx, { kind: "newsletter_test", newsletterId: id, staffId: staff.id });
    await audit(tx, staff, "send_test", "newsletter", id);
  });
}
