/** The mail with the download link of a guide, to whoever asked for it. */

import { eq } from "drizzle-orm";
import { db } from "#db/client.ts";
import { downloadGrants, guides } from "#db/schema/guides.ts";
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
      title: guides.title,
      withdrawnAt: guides.withdrawnAt,
      isSuppressed: isSuppressed(downloadGrants.emailIndex, "bounce"),
    })
    .from(downloadGrants)
    .innerJoin(guides, eq(guides.slug, downloadGrants.guideSlug))
    .where(eq(downloadGrants.id, required(grantId)));
  if (!row?.email || row.withdrawnAt) return "cancelled";
  if (row.isSuppressed) return "suppressed";
  const content = await guideLinkMail({ ...row, token: tokenForId("download", row.id) });
  return { to: [ownAddress("download_grants", row)], content };
};
