/** Writing an entry of a file with all its texts, as the start and an import do. */

import { isDeepStrictEqual } from "node:util";
import { and, eq, sql } from "drizzle-orm";
import type { Executor } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import { approvals } from "#db/schema/approvals.ts";
import { content, contentRevisions, contentTexts } from "#db/schema/content.ts";
import { codes } from "#db/terms/codes.ts";
import { pictureIdIn } from "#db/terms/content-fields.ts";
import { type Locale, locale as locales } from "#db/terms/locale.ts";
import type { ApprovalInFile, EntryInFile, TextInFile } from "./file.ts";

type Values = Record<string, string>;

/**
 * Adds an entry at the end of its list; a guide that is in its list already gets the languages and facts that it lacks there. Returns
 * its id. The caller holds the transaction.
 */
export async function writeEntry(
  tx: Executor,
  entry: EntryInFile,
  by: { id: string } | null,
  now: Date,
): Promise<string> {
  const { kind, slug, facts, picture_approval: pictureApproval } = entry;
  const known = kind === "guide" ? await knownGuide(tx, slug) : undefined;
  const id = known?.id ?? newId(now.getTime());
  const position = sql<number>`(select coalesce(max(position), 0) + 1 from content where kind = ${kind})`;
  if (!known)
    await tx.insert(content).values({ id, kind, slug, position, facts, createdBy: by?.id ?? null, createdAt: now });
  else if (known.hasNoFacts) await tx.update(content).set({ facts }).where(eq(content.id, id));
  const texts = Object.fromEntries(
    Object.entries(entry.texts).filter(([locale]) => !known?.locales.includes(locale)),
  ) as EntryInFile["texts"];
  const written = new Map<Locale, Written>();
  const japanese = known && { revisions: [], publishedNo: known.japanese };
  // Japanese first: a translation names the revision that it agrees with.
  for (const locale of codes(locales)) {
    const text = texts[locale];
    if (text) written.set(locale, await writeText(tx, { id, locale, by, now }, text, written.get("ja") ?? japanese));
  }
  for (const [locale, { publishedNo }] of written) {
    const translates = texts[locale]?.translates;
    const source = translates === undefined ? undefined : written.get(translates);
    const translatesNo = source?.publishedNo;
    if (publishedNo === undefined || translates === undefined || translatesNo === undefined) continue;
    const approval = { reference: "", given_on: now.toISOString().slice(0, 10), channels: ["site" as const] };
    await writeApproval(tx, { ...approval, until: null }, now, {
      ...{ contentId: id, locale, revisionNo: publishedNo },
      ...{ translatesLocale: translates, translatesNo },
    });
  }
  const pictureId = pictureIdIn(facts);
  if (pictureApproval && pictureId) await writeApproval(tx, pictureApproval, now, { contentId: id, pictureId });
  return id;
}

interface KnownGuide {
  id: string;
  hasNoFacts: boolean;
  /** Languages in which it has a text. */
  locales: string[];
  /** Number of its published Japanese revision. */
  japanese: number | undefined;
}

async function knownGuide(tx: Executor, slug: string): Promise<KnownGuide | undefined> {
  const [row] = await tx
    .select({ id: content.id, facts: content.facts })
    .from(content)
    .where(and(eq(content.kind, "guide"), eq(content.slug, slug)));
  if (!row) return undefined;
  const texts = await tx
    .select({ locale: contentTexts.locale, publishedNo: contentTexts.publishedNo })
    .from(contentTexts)
    .where(eq(contentTexts.contentId, row.id));
  const japanese = texts.find(({ locale }) => locale === "ja")?.publishedNo ?? undefined;
  return {
    id: row.id,
    hasNoFacts: Object.keys(row.facts).length === 0,
    locales: texts.map(({ locale }) => locale),
    japanese,
  };
}

interface Written {
  revisions: Values[];
  publishedNo: number | undefined;
}

interface At {
  id: string;
  locale: Locale;
  by: { id: string } | null;
  now: Date;
}

async function writeText(tx: Executor, at: At, text: TextInFile, japanese: Written | undefined): Promise<Written> {
  const { id: contentId, locale, by, now } = at;
  const { published, scheduled, draft, origin } = text;
  const revisions = [published, scheduled?.body, draft].filter((body): body is Values => body !== undefined);
  for (const [index, body] of revisions.entries())
    await tx
      .insert(contentRevisions)
      .values({ contentId, locale, no: index + 1, body, writtenBy: by?.id ?? null, writtenAt: now, origin });
  const publishedNo = published && 1;
  const scheduledNo = scheduled && revisions.indexOf(scheduled.body) + 1;
  const agreed = japanese?.revisions.findIndex((body) => isDeepStrictEqual(body, text.made_from)) ?? -1;
  await tx.insert(contentTexts).values({
    ...{ contentId, locale },
    ...(publishedNo !== undefined && { publishedNo, publishedAt: now }),
    ...(scheduled && { scheduledNo, publishAt: new Date(scheduled.at) }),
    ...(text.withdrawn && { withdrawnAt: now }),
    madeFrom: agreed >= 0 ? agreed + 1 : locale === "ja" ? null : (japanese?.publishedNo ?? null),
  });
  if (text.approval && publishedNo !== undefined)
    await writeApproval(tx, text.approval, now, { contentId, locale, revisionNo: publishedNo });
  if (text.scheduled_approval && scheduledNo !== undefined)
    await writeApproval(tx, text.scheduled_approval, now, { contentId, locale, revisionNo: scheduledNo });
  return { revisions, publishedNo };
}

type Place = Pick<
  typeof approvals.$inferInsert,
  "contentId" | "locale" | "revisionNo" | "pictureId" | "translatesLocale" | "translatesNo"
>;

async function writeApproval(
  tx: Executor,
  { reference, given_on: givenOn, until, channels }: Omit<ApprovalInFile, "until"> & { until: string | null },
  now: Date,
  place: Place,
): Promise<void> {
  await tx.insert(approvals).values({ ...place, reference, givenOn, until, channels: [...channels], recordedAt: now });
}
