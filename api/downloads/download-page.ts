/** The page on which a person receives a guide. */

import { eq, sql } from "drizzle-orm";
import { db } from "#db/client.ts";
import { downloadGrants, guides } from "#db/schema/guides.ts";
import { leads } from "#db/schema/leads.ts";
import type { Locale } from "#db/terms/locale.ts";
import { hashToken } from "#db/vault/tokens.ts";
import { mailDomain } from "#emails/addresses.ts";

export interface Download {
  /** Of the guide. */
  slug: string;
  /** In Japanese. */
  title: string;
  /** The language of the form in which it was asked for. */
  locale: Locale;
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
      slug: guides.slug,
      title: guides.title,
      locale: leads.locale,
      expiresAt: downloadGrants.expiresAt,
      isWithdrawn: sql<boolean>`${guides.withdrawnAt} is not null`,
    })
    .from(downloadGrants)
    .innerJoin(guides, eq(guides.slug, downloadGrants.guideSlug))
    .innerJoin(leads, eq(leads.id, downloadGrants.leadId))
    .where(eq(downloadGrants.tokenHash, hashToken(token)));
  return row && { ...row, link: `/d/${token}`, newsletter, mailDomain: mailDomain() };
}
