/** Hand-made rows for the numbers of quarters, and settings of a site that publishes them. */

import { db } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import { cases, closures, entries } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { downloadGrants, guides } from "#db/schema/guides.ts";
import { leads } from "#db/schema/leads.ts";
import { messages } from "#db/schema/messages.ts";
import { promises } from "#db/schema/promises.ts";
import { settingsChanges } from "#db/schema/settings.ts";
import type { Stage } from "#db/settings/keys.ts";
import { replaceSettings, sampleValues, settingsFrom } from "#db/settings/settings.ts";
import type { closureReason } from "#db/terms/cases.ts";

export const tokyo = (text: string) => new Date(`${text}+09:00`);
const nothing = Buffer.alloc(0);

/** In this process. Three is the smallest threshold that may be chosen. */
export const publishing = (publish_numbers = true, stage: Stage = "real") =>
  replaceSettings(settingsFrom({ ...sampleValues, publish_threshold: 3, publish_numbers }, stage, 1));

/** In the database: since when the site is real. */
export const opened = (at: string, how: "made_real" | "upgrade" = "made_real") =>
  db.insert(settingsChanges).values({ setId: newId(), key: "stage", after: "real", changedAt: tokyo(at), how });

interface Asked {
  /** The day by which an answer was promised; without one none was wanted. */
  due?: string;
  /** When a reply kept the promise. */
  replied?: string;
  /** When somebody spoke with the family, which was written down a month later. */
  spoke?: string;
  /** When the promise was ended without an answer. */
  ended?: string;
  closedAs?: keyof typeof closureReason;
  channel?: "form" | "sample";
  spamScore?: number;
}

/** A request for help that came at this time, with what became of it. Returns its case. */
export async function asked(by: string, at: string, what: Asked = {}): Promise<string> {
  const { due, replied, spoke, ended, closedAs, channel = "form", spamScore = 0 } = what;
  const [leadId, caseId, consultationId] = [newId(), newId(), newId()];
  await db.insert(leads).values({
    id: leadId,
    kind: "consultation",
    channel,
    reference: leadId.slice(-12),
    receivedAt: tokyo(at),
    spamScore,
  });
  await db.insert(cases).values({ id: caseId, wrappedKey: nothing, openedAt: tokyo(at) });
  await db.insert(consultations).values({
    ...{ id: consultationId, leadId, caseId, contact: nothing, message: nothing },
    ...{ replyBy: due === undefined ? "none" : "email", replyByDate: due ?? "2026-01-01" },
  });
  if (closedAs !== undefined)
    await db.insert(closures).values({ id: newId(), caseId, reason: closedAs, closedBy: by, closedAt: tokyo(at) });
  if (due === undefined) return caseId;
  const id = newId();
  const promise = { id: newId(), caseId, consultationId, madeAt: tokyo(at), dueDay: due };
  if (replied !== undefined) {
    const row = { id, caseId, consultationId, staffId: by, body: nothing, writtenAt: tokyo(replied) };
    await db.insert(messages).values(row);
    await db.insert(promises).values({ ...promise, keptAt: row.writtenAt, keptByReplyId: id, keptBy: by });
  } else if (spoke !== undefined) {
    const how = { channel: "phone", fromParty: "staff", toParty: "family", outcome: "spoke" } as const;
    const happenedAt = tokyo(spoke);
    await db.insert(entries).values({ id, caseId, authorId: by, happenedAt, body: nothing, ...how });
    const keptAt = new Date(happenedAt.getTime() + 30 * 86_400_000);
    await db.insert(promises).values({ ...promise, keptAt, keptByEntryId: id, keptBy: by });
  } else {
    const end = ended === undefined ? {} : { endedAt: tokyo(ended), endReason: "not_needed" as const, endedBy: by };
    await db.insert(promises).values({ ...promise, ...end });
  }
  return caseId;
}

/** A guide that somebody asked for at this time. */
export async function gaveGuide(
  at: string,
  { channel = "form", spamScore = 0 }: Pick<Asked, "channel" | "spamScore"> = {},
) {
  await db.insert(guides).values({ slug: "guide", title: "見本" }).onConflictDoNothing();
  const leadId = newId();
  await db.insert(leads).values({ id: leadId, kind: "download", channel, receivedAt: tokyo(at), spamScore });
  await db
    .insert(downloadGrants)
    .values({ id: newId(), leadId, guideSlug: "guide", tokenHash: Buffer.from(leadId), expiresAt: tokyo(at) });
}
