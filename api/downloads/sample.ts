/** Invented requests for guides. */

import type { SampleClick } from "#analytics/keywords/sample.ts";
import type { Executor } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import type { SeededRandom } from "#db/random/seeded.ts";
import { downloadGrants, guides } from "#db/schema/guides.ts";
import { leads } from "#db/schema/leads.ts";
import { deliveries } from "#db/schema/mail.ts";
import { hashToken, tokenForId } from "#db/vault/tokens.ts";
import { sampleMail } from "#emails/outbox/sample.ts";

/** A guide for about every ninth landing, and its mail. Returns how many; 0 where no guide is offered. */
export async function insertSampleDownloads(
  tx: Executor,
  random: SeededRandom,
  clicks: readonly SampleClick[],
): Promise<number> {
  const offered = await tx.select({ slug: guides.slug }).from(guides);
  if (offered.length === 0) return 0;
  let count = 0;
  for (const click of clicks) {
    if (!random.chance(0.11)) continue;
    const [leadId, grantId] = [newId(), newId()];
    const at = new Date(click.landedAt.getTime() + 120_000);
    await tx
      .insert(leads)
      .values({ id: leadId, kind: "download", channel: "sample", receivedAt: at, clickId: click.id });
    await tx.insert(downloadGrants).values({
      id: grantId,
      leadId,
      guideSlug: random.pick(offered).slug,
      tokenHash: hashToken(tokenForId("download", grantId)),
      expiresAt: new Date(at.getTime() + 14 * 86_400_000),
      downloads: random.between(0, 2),
    });
    await tx.insert(deliveries).values(sampleMail("guide_link", leadId, at, grantId));
    count++;
  }
  return count;
}
