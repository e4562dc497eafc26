/** Opening a download link: the file of a guide, and the count of openings. */

import { and, desc, eq, gt, sql } from "drizzle-orm";
import { readStored } from "#api/guides/files.ts";
import type { PdfFile } from "#api/guides/pdf-answer.ts";
import { db } from "#db/client.ts";
import { Gone, NotFound, firstOrNotFound } from "#db/errors.ts";
import { downloadGrants, guides, guideVersions } from "#db/schema/guides.ts";
import { hashToken } from "#db/vault/tokens.ts";
import { withdrawnMessage } from "./download-page.ts";

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
      })
      .from(downloadGrants)
      .innerJoin(guides, eq(guides.slug, downloadGrants.guideSlug))
      .innerJoin(guideVersions, eq(guideVersions.guideSlug, guides.slug))
      .where(eq(downloadGrants.tokenHash, tokenHash))
      .orderBy(desc(guideVersions.version))
      .limit(1),
  );
  if (row.withdrawnAt) throw new Gone(withdrawnMessage);
  if (row.expiresAt <= now)
    throw new Gone("この資料のリンクは期限が切れました。資料のページから、もう一度お申し込みください。");
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
