/** Opening a download link: the file of a guide, and the count of openings. */

import { and, desc, eq, gt, sql } from "drizzle-orm";
import { readStored } from "#api/guides/files.ts";
import type { PdfFile } from "#api/guides/pdf-answer.ts";
import { db } from "#db/client.ts";
import { Gone, NotFound, firstOrNotFound } from "#db/errors.ts";
import { downloadGrants, guides, guideVersions } from "#db/schema/guides.ts";
import { leads } from "#db/schema/leads.ts";
import { hashToken } from "#db/vault/tokens.ts";
import { wordsIn } from "#db/words/words.ts";

/**
 * The newest version of the guide behind a download link. The link may be opened any number of times, by a
 * person or by a mail scanner; only openings with `isCounted` are counted. Throws NotFound for an unknown
 * token, Gone when the link has expired or the guide is withdrawn.
 */
export async function redeemDownload(token: string, now: Date, isCounted: boolean): Promise<PdfFile> {
  const tokenHash = hashToken(token);
  const row = firstOrNotFound(
    await db
      .select({
        id: downloadGrants.id,
        expiresAt: downloadGrants.expiresAt,
        withdrawnAt: guides.withdrawnAt,
        fileName: guideVersions.fileName,
        storedAs: guideVersions.storedAs,
        locale: leads.locale,
      })
      .from(downloadGrants)
      .innerJoin(guides, eq(guides.slug, downloadGrants.guideSlug))
      .innerJoin(leads, eq(leads.id, downloadGrants.leadId))
      .innerJoin(guideVersions, eq(guideVersions.guideSlug, guides.slug))
      .where(eq(downloadGrants.tokenHash, tokenHash))
      .orderBy(desc(guideVersions.version))
      .limit(1),
  );
  const { refused } = wordsIn(row.locale).guides;
  if (row.withdrawnAt) throw new Gone(refused.withdrawn);
  if (row.expiresAt <= now) throw new Gone(refused.over);
  const content = await readStored(row.storedAs).catch(() => {
    throw new NotFound("guide file");
  });
  if (isCounted) await countOpening(row.id, now);
  return { content, fileName: row.fileName };
}

async function countOpening(grantId: string, now: Date): Promise<void> {
  await db
    .update(downloadGrants)
    .set({
      downloads: sql`${downloadGrants.downloads} + 1`,
      firstDownloadedAt: sql`coalesce(${downloadGrants.firstDownloadedAt}, ${now.toISOString()}::timestamptz)`,
    })
    .where(and(eq(downloadGrants.id, grantId), gt(downloadGrants.expiresAt, now)));
}
