/** The mail with the download link of a guide, to whoever asked for it. */

import { and, eq, sql } from "drizzle-orm";
import { db } from "#db/client.ts";
import { content, contentRevisions, contentTexts } from "#db/schema/content.ts";
import { downloadGrants, guides } from "#db/schema/guides.ts";
import { leads } from "#db/schema/leads.ts";
import { tokenForId } from "#db/vault/tokens.ts";
import { ownAddress } from "#emails/recipients.ts";
import { guideLinkMail } from "#emails/templates/guide-link.ts";
import { type Composer, isSuppressed, required } from "./composed.ts";

export const composeGuideLink: Composer = async ({ grantId }) => {
  const [row] = await db
    .select({
      id: downloadGrants.id,
      wrappedKey: downloadGrants.wrappedKey,
      email: downloadGrants.email,
      expiresAt: downloadGrants.expiresAt,
      locale: leads.locale,
      title: sql<string>`coalesce(${contentRevisions.body} ->> 'title', ${guides.title})`,
      withdrawnAt: guides.withdrawnAt,
      isSuppressed: isSuppressed(downloadGrants.emailIndex, "bounce"),
    })
    .from(downloadGrants)
    .innerJoin(guides, eq(guides.slug, downloadGrants.guideSlug))
    .innerJoin(leads, eq(leads.id, downloadGrants.leadId))
    // What it is called in that language, where staff have published that.
    .leftJoin(content, and(eq(content.kind, "guide"), eq(content.slug, guides.slug)))
    .leftJoin(contentTexts, and(eq(contentTexts.contentId, content.id), eq(contentTexts.locale, leads.locale)))
    .leftJoin(
      contentRevisions,
      and(
        eq(contentRevisions.contentId, content.id),
        eq(contentRevisions.locale, leads.locale),
        eq(contentRevisions.no, contentTexts.publishedNo),
      ),
    )
    .where(eq(downloadGrants.id, required(grantId)));
  if (!row?.email || row.withdrawnAt) return "cancelled";
  if (row.isSuppressed) return "suppressed";
  const mail = await guideLinkMail({ ...row, token: tokenForId("download", row.id) });
  return { to: [ownAddress("download_grants", row)], content: mail };
};
