/** What whoever was asked answers: the approval writes itself, and a wish for changes reaches staff sealed. */

import { and, desc, eq, isNull } from "drizzle-orm";
import { countAgainstLimit } from "#api/forms/rate-limit.ts";
import { audit } from "#db/actor.ts";
import { dayOf } from "#db/calendar/days.ts";
import { db, type Transaction, transaction } from "#db/client.ts";
import { NotFound } from "#db/errors.ts";
import { approvals, previewLinks } from "#db/schema/approvals.ts";
import { content } from "#db/schema/content.ts";
import type { ApprovalChannel } from "#db/terms/content.ts";
import { newDataKey, seal } from "#db/vault/vault.ts";
import { enqueue } from "#emails/outbox/outbox.ts";
import { type OpenLink, openLink } from "./links.ts";
import { pictureIn, writeApproval } from "./record.ts";

interface Asker {
  network: string;
  now: Date;
}

/** How the consents that came by a link are filed: 「リンク」 and the end of the link's id. */
export const linkReference = (linkId: string): string => `リンク ${linkId.slice(-8)}`;

/**
 * 「この文章で掲載してよい」: a consent to exactly the revision and the picture that the link shows, until and including `until`. Said
 * again it replaces what was said before. Throws NotFound for a link that opens nothing, or asks nothing.
 */
export async function approveByLink(
  token: string,
  { givenBy, until, channels }: { givenBy: string; until: string; channels: readonly ApprovalChannel[] },
  asker: Asker,
): Promise<void> {
  const { now } = asker;
  await answer(token, asker, async (tx, { link, entry }) => {
    await endEarlier(tx, link.id, now);
    const given = { reference: linkReference(link.id), givenBy, givenOn: dayOf(now), until, channels };
    await writeApproval(tx, link, given, { by: null, pictureId: pictureIn(entry.facts), now });
    return { answer: "approved", wrappedKey: null, answerWords: null };
  });
}

/**
 * 「直してほしい」: whoever was asked wants something changed. What they approved by this link before no longer holds, since a text
 * that somebody wants changed is not one they agree to. Throws as `approveByLink`.
 */
export async function askForChange(token: string, words: string, asker: Asker): Promise<void> {
  await answer(token, asker, async (tx, { link }) => {
    await endEarlier(tx, link.id, asker.now);
    const { key, wrapped } = newDataKey("preview_links.wrapped_key", link.id);
    const answerWords = seal(key, words, "preview_links.answer_words", link.id);
    return { answer: "change", wrappedKey: wrapped, answerWords };
  });
}

/** Consents that came by this link before. */
async function endEarlier(tx: Transaction, linkId: string, now: Date): Promise<void> {
  await tx
    .update(approvals)
    .set({ withdrawnAt: now })
    .where(and(eq(approvals.reference, linkReference(linkId)), isNull(approvals.withdrawnAt)));
}

async function answer(
  token: string,
  { network, now }: Asker,
  write: (tx: Transaction, open: OpenLink) => Promise<Partial<typeof previewLinks.$inferInsert>>,
): Promise<void> {
  await transaction(async (tx) => {
    await countAgainstLimit(tx, "preview", { network, now });
    const open = await openLink(token, now, tx);
    if (open?.link.purpose !== "approve") throw new NotFound();
    // In the order in which staff's verbs lock: the entry decides what is public.
    await tx.select({ id: content.id }).from(content).where(eq(content.id, open.entry.id)).for("update");
    const { id, madeBy, contentId } = open.link;
    const set = { ...(await write(tx, open)), answeredAt: now };
    await tx.update(previewLinks).set(set).where(eq(previewLinks.id, id));
    await audit(tx, null, "answer", "preview_link", id, { entry: contentId, answer: set.answer ?? "" });
    await enqueue(tx, { kind: "approval_answer", staffId: madeBy });
  });
}

/** The consent that came by this link last, for the page that says what was agreed; undefined where none holds. */
export async function approvalByLink(
  linkId: string,
): Promise<{ until: string | null; channels: string[] } | undefined> {
  const [row] = await db
    .select({ until: approvals.until, channels: approvals.channels })
    .from(approvals)
    .where(and(eq(approvals.reference, linkReference(linkId)), isNull(approvals.withdrawnAt)))
    .orderBy(desc(approvals.recordedAt))
    .limit(1);
  return row;
}
