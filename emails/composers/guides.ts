/** The mail with the download link of a guide, to whoever asked for it. */

import { and, asc, eq, exists, isNull, sql } from "drizzle-orm";
import { db } from "#db/client.ts";
import { content } from "#db/schema/content.ts";
import { downloadGrants, guides, guideVersions } from "#db/schema/guides.ts";
import { leads } from "#db/schema/leads.ts";
import type { Locale } from "#db/terms/locale.ts";
import { tokenForId } from "#db/vault/tokens.ts";
import { bouncesSql } from "#emails/audience.ts";
import { ownAddress } from "#emails/recipients.ts";
import { guideLinkMail } from "#emails/templates/guide-link.ts";
import { type Composer, required } from "./composed.ts";
import { nextEvent } from "./next-event.ts";
import { shownTexts } from "./shown-texts.ts";

export const composeGuideLink: Composer = async ({ grantId }) => {
  const [row] = await db
    .select({
      id: downloadGrants.id,
      wrappedKey: downloadGrants.wrappedKey,
      email: downloadGrants.email,
      expiresAt: downloadGrants.expiresAt,
      locale: leads.locale,
      slug: guides.slug,
      title: guides.title,
      withdrawnAt: guides.withdrawnAt,
      isSuppressed: bouncesSql(downloadGrants.emailIndex),
    })
    .from(downloadGrants)
    .innerJoin(guides, eq(guides.slug, downloadGrants.guideSlug))
    .innerJoin(leads, eq(leads.id, downloadGrants.leadId))
    .where(eq(downloadGrants.id, required(grantId)));
  if (!row?.email || row.withdrawnAt) return "cancelled";
  if (row.isSuppressed) return "suppressed";
  const titles = await titlesIn(row.locale);
  const other = await otherGuide(row.slug);
  const mail = await guideLinkMail({
    ...row,
    title: titles.get(row.slug) ?? row.title,
    token: tokenForId("download", row.id),
    event: await nextEvent(row.locale),
    other: other && { ...other, title: titles.get(other.slug) ?? other.title },
  });
  return { to: [ownAddress("download_grants", row)], content: mail };
};

/** What guides are called in this language, where staff have published that; the Japanese is the guide's own. */
async function titlesIn(locale: Locale): Promise<Map<string, string>> {
  const texts = locale === "ja" ? [] : await shownTexts("guide", locale);
  return new Map(texts.map(({ slug, body }) => [slug, body.title]));
}

/** The guide that follows this one in the list that staff keep, the first after the last; undefined where it is the only one. */
async function otherGuide(slug: string): Promise<{ slug: string; title: string } | undefined> {
  const hasFile = exists(db.select().from(guideVersions).where(eq(guideVersions.guideSlug, guides.slug)));
  // A withdrawn guide has no mail of its own, so the one that was asked for stands in this list.
  const offered = await db
    .select({ slug: guides.slug, title: guides.title })
    .from(guides)
    .leftJoin(content, and(eq(content.kind, "guide"), eq(content.slug, guides.slug)))
    .where(and(isNull(guides.withdrawnAt), hasFile))
    .orderBy(sql`${content.position} nulls last`, asc(guides.slug));
  const at = offered.findIndex((guide) => guide.slug === slug);
  return [...offered.slice(at + 1), ...offered.slice(0, Math.max(at, 0))][0];
}
