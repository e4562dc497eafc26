/**
 * Pictures that were taken out of every issue. They are public for whoever has the address, so they must not stay; but a text
 * comes back by undo, from another window or from a draft that is continued, and a test mail shows them for a while.
 */

import { inArray } from "drizzle-orm";
import { typedInto } from "#api/drafts/drafts.ts";
import { removeUnused } from "#api/pictures/pictures.ts";
import { transaction } from "#db/client.ts";
import { pictures } from "#db/schema/content.ts";
import { isNewsletterPicture } from "#emails/markdown/material.ts";
import { picturesNamedIn } from "#emails/markdown/segments.ts";
import { picturesOfIssues } from "#emails/newsletters/delete.ts";

/** For so long no text has shown a picture before it is deleted, in milliseconds. */
const unshownMs = 86_400_000;

/** Scheduled: deletes the newsletter's pictures that no issue and no kept draft has named for a day. Returns how many. */
export async function removeUnusedPictures(now: Date): Promise<{ pictures: number }> {
  return transaction(async (tx) => {
    const { id, unshownSince } = pictures;
    const stored = await tx.select({ id, since: unshownSince }).from(pictures).where(isNewsletterPicture);
    if (stored.length === 0) return { pictures: 0 };
    const drafts = await typedInto("/staff/newsletters", now, tx);
    const shown = new Set([...(await picturesOfIssues(tx)), ...drafts.flatMap(picturesNamedIn)]);
    const isDue = (since: Date | null) => since !== null && now.getTime() - since.getTime() >= unshownMs;
    const note = async (ids: string[], since: Date | null) => {
      if (ids.length > 0) await tx.update(pictures).set({ unshownSince: since }).where(inArray(id, ids));
    };
    const [again, unshown] = [stored.filter((one) => shown.has(one.id)), stored.filter((one) => !shown.has(one.id))];
    await note(idsOf(again.filter(({ since }) => since !== null)), null);
    await note(idsOf(unshown.filter(({ since }) => since === null)), now);
    const due = unshown.filter(({ since }) => isDue(since));
    for (const one of due) await removeUnused(tx, null, one.id, now);
    return { pictures: due.length };
  });
}

const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);
