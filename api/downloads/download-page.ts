/** The page on which a person receives a guide. */

import { eq, sql } from "drizzle-orm";
import { db } from "#db/client.ts";
import { downloadGrants, guides } from "#db/schema/guides.ts";
import { hashToken } from "#db/vault/tokens.ts";
import { mailDomain } from "#emails/addresses.ts";

/** The error message of a guide that was withdrawn. */
export const withdrawnMessage = "この資料は、公開を終えました。資料の一覧から、ほかの資料をお選びいただけます。";

export interface Download {
  title: string;
  /** "/d/<token>". */
  link: string;
  expiresAt: Date;
  isWithdrawn: boolean;
  /** True when the newsletter box was ticked, so that a confirmation mail is on its way. */
  newsletter: boolean;
  mailDomain: string;
}

/** URL path of that page. */
export const downloadPath = (token: string, newsletter: boolean) =>
  `/guides/received/${token}${newsletter ? "?newsletter=1" : ""}`;

/** The guide behind a download token, or undefined. `newsletter` comes from the query of the page. */
export async function downloadOf(token: string, newsletter = false): Promise<Download | undefined> {
  const [row] = await db
    .select({
      title: guides.title,
      expiresAt: downloadGrants.expiresAt,
      isWithdrawn: sql<boolean>`${guides.withdrawnAt} is not null`,
    })
    .from(downloadGrants)
    .innerJoin(guides, eq(guides.slug, downloadGrants.guideSlug))
    .where(eq(downloadGrants.tokenHash, hashToken(token)));
  return row && { ...row, link: `/d/${token}`, newsletter, mailDomain: mailDomain() };
}
