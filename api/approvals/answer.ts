/** What whoever was asked answers: the approval writes itself, and a wish for changes reaches staff sealed. */

import { and, desc, eq, isNull } from "drizzle-orm";
import { countAgainstLimit } from "#api/forms/rate-limit.ts";
import { audit } from "#db/actor.ts";
import { dayOf } from "#db/calendar/days.ts";
import { db, type Transaction, transaction } from "#db/client.ts";
import { Invalid, NotFound } from "#db/errors.ts";
import { approvals, previewLinks } from "#db/schema/approvals.ts";
import { content } from "#db/schema/content.ts";
import { pictureIdIn } from "#db/terms/content-fields.ts";
import type { ApprovalChannel } from "#db/terms/content.ts";
import { newDataKey, seal } from "#db/vault/vault.ts";
import { wordsIn } from "#db/words/words.ts";
import { enqueue } from "#emails/outbox/outbox.ts";
import { giverOf, wordsOf } from "./approvals.ts";
import { keepersOf } from "./keepers.ts";
import { type OpenLink, openLink } from "./links.ts";
import { writeApproval } from "./record.ts";

interface Asker {
  network: string;
  now: Date;
}

/** How the consents that came by a link are filed: 「リンク」 and the end of the link's id. */
export const linkReference = (linkId: string): string => `リンク ${linkId.slice(-8)}`;

/**
 * 「この文章で掲載してよい」: a consent to exactly the revision and the picture that the link shows, until and including `until`. Said
 * again it replaces what was said before; pressed twice it is one consent. Throws NotFound for a link that opens nothing, or
 * asks nothing; Invalid where another picture stands there by now than `shownPicture`, the one that the page showed.
 */
export async function approveByLink(
  token: string,
  {
    givenBy,
    until,
    channels,
    shownPicture = "",
  }: { givenBy: string; until: string; channels: readonly ApprovalChannel[]; shownPicture?: string },
  asker: Asker,
): Promise<void> {
  const { now } = asker;
  await answer(token, asker, async (tx, { link, entry }) => {
    const pictureId = pictureIdIn(entry.facts);
    // Nobody agrees to a picture that they have not seen.
    if ((pictureId ?? "") !== shownPicture) throw new Invalid({ form: wordsIn(link.locale).preview.errors.picture });
    const [before] = await tx.select().from(approvals).where(holdsByLink(link));
    const isSame =
      before !== undefined &&
      before.until === until &&
      before.channels.join() === channels.join() &&
      before.pictureId === (pictureId ?? null) &&
      giverOf(before) === givenBy;
    if (link.answer === "approved" && isSame) return undefined;
    await tx.update(approvals).set({ withdrawnAt: now }).where(holdsByLink(link));
    const given = { reference: linkReference(link.id), givenBy, givenOn: dayOf(now), until, channels };
    await writeApproval(tx, link, given, { by: null, pictureId, now });
    // What they wanted changed before stays for staff to read.
    return { answer: "approved" };
  });
}

/**
 * 「直してほしい」: whoever was asked wants something changed. No consent to this revision holds after that, neither one on paper
 * nor one that a translation shares, since the page answers that it is not shown like this. Throws as `approveByLink`.
 */
export async function askForChange(token: string, words: string, asker: Asker): Promise<void> {
  await answer(token, asker, async (tx, { link }) => {
    if (link.answer === "change" && wordsOf(link) === words) return undefined;
    const { contentId, locale, revisionNo } = link;
    await tx
      .update(approvals)
      .set({ withdrawnAt: asker.now })
      .where(
        and(
          ...[eq(approvals.contentId, contentId), eq(approvals.locale, locale)],
          ...[eq(approvals.revisionNo, revisionNo), isNull(approvals.withdrawnAt)],
        ),
      );
    const { key, wrapped } = newDataKey("preview_links.wrapped_key", link.id);
    const answerWords = seal(key, words, "preview_links.answer_words", link.id);
    return { answer: "change", wrappedKey: wrapped, answerWords };
  });
}

type LinkRow = OpenLink["link"];

/**
 * The consent that came by this link and holds. The reference alone does not tell: a translation carries that of its source,
 * and staff may write the same on a paper.
 */
const holdsByLink = ({
  id,
  contentId,
  locale,
  revisionNo,
}: Pick<LinkRow, "id" | "contentId" | "locale" | "revisionNo">) =>
  and(
    ...[eq(approvals.reference, linkReference(id)), eq(approvals.contentId, contentId)],
    ...[eq(approvals.locale, locale), eq(approvals.revisionNo, revisionNo)],
    ...[isNull(approvals.recordedBy), isNull(approvals.withdrawnAt)],
  );

async function answer(
  token: string,
  { network, now }: Asker,
  write: (tx: Transaction, open: OpenLink) => Promise<Partial<typeof previewLinks.$inferInsert> | undefined>,
): Promise<void> {
  await transaction(async (tx) => {
    await countAgainstLimit(tx, "preview", { network, now });
    // The entry before the link, as staff's verbs lock: in another order two could wait for each other.
    const known = await openLink(token, now);
    if (known) await tx.select({ id: content.id }).from(content).where(eq(content.id, known.entry.id)).for("update");
    const open = await openLink(token, now, tx);
    if (open?.link.purpose !== "approve") throw new NotFound();
    const { id, madeBy, contentId } = open.link;
    const written = await write(tx, open);
    // The same answer again: somebody pressed twice.
    if (written === undefined) return;
    const set = { ...written, answeredAt: now };
    await tx.update(previewLinks).set(set).where(eq(previewLinks.id, id));
    await audit(tx, null, "answer", "preview_link", id, { entry: contentId, answer: set.answer ?? "" });
    const receivers = (await keepersOf(tx))(open.entry.kind, madeBy);
    for (const staffId of receivers) await enqueue(tx, { kind: "approval_answer", staffId });
  });
}

/** The consent that came by this link last, for the page that says what was agreed; undefined where none holds. */
export async function approvalByLink(
  linkId: string,
): Promise<{ until: string | null; channels: string[] } | undefined> {
  const [link] = await db.select().from(previewLinks).where(eq(previewLinks.id, linkId));
  if (!link) return undefined;
  const [row] = await db
    .select({ until: approvals.until, channels: approvals.channels })
    .from(approvals)
    .where(holdsByLink(link))
    .orderBy(desc(approvals.recordedAt))
    .limit(1);
  return row;
}
