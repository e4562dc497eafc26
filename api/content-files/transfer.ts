/** All entries as one file and back: for another installation, for keeping, and to bring back what somebody emptied. */

import { createHash } from "node:crypto";
import { and, asc, desc, eq, inArray, isNull, sql } from "drizzle-orm";
import { allow, audit, type Staff } from "#db/actor.ts";
import { db, type Executor, transaction } from "#db/client.ts";
import { Invalid } from "#db/errors.ts";
import { approvals } from "#db/schema/approvals.ts";
import { content, contentLists, contentRevisions, contentTexts, pictureFiles, pictures } from "#db/schema/content.ts";
import { codes } from "#db/terms/codes.ts";
import { pictureIdIn } from "#db/terms/content-fields.ts";
import { type ApprovalChannel, contentKind } from "#db/terms/content.ts";
import type { Locale } from "#db/terms/locale.ts";
import { contentWords } from "#db/words/staff/content.ts";
import { type ApprovalInFile, ContentFile, type EntryInFile, type PictureInFile, type TextInFile } from "./file.ts";
import { writeEntry } from "./write-entry.ts";

type ApprovalRow = typeof approvals.$inferSelect;

/** Everything that is not put away. The name of who gave a consent is not in it. For managers; `staff` is null for a command. */
export async function exportContent(staff: Staff | null): Promise<string> {
  if (staff) allow(staff, "manager");
  const rows = await db
    .select()
    .from(content)
    .where(isNull(content.archivedAt))
    .orderBy(asc(content.position), asc(content.id));
  const kinds = codes(contentKind);
  const entries: EntryInFile[] = [];
  for (const row of rows.toSorted((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind)))
    entries.push(await entryOf(row));
  const used = entries.flatMap(({ facts }) => pictureIdIn(facts) ?? []);
  const file = { format: "komichi-content", version: 1, pictures: await picturesOf(used), entries };
  return `${JSON.stringify(file, null, 1)}\n`;
}

async function entryOf({ id, kind, slug, facts }: typeof content.$inferSelect): Promise<EntryInFile> {
  const texts = await db.select().from(contentTexts).where(eq(contentTexts.contentId, id)).orderBy(contentTexts.locale);
  const given = await db
    .select()
    .from(approvals)
    .where(and(eq(approvals.contentId, id), isNull(approvals.withdrawnAt)))
    .orderBy(desc(approvals.recordedAt), desc(approvals.id));
  const inFile: EntryInFile["texts"] = {};
  for (const text of texts) inFile[text.locale] = await textOf(text, texts, given);
  const picture = given.find(({ pictureId }) => pictureId !== null && pictureId === pictureIdIn(facts));
  const pictureApproval = picture && approvalOf(picture);
  return { kind, slug, facts, texts: inFile, ...(pictureApproval && { picture_approval: pictureApproval }) };
}

type TextRow = typeof contentTexts.$inferSelect;

async function textOf(text: TextRow, all: readonly TextRow[], given: readonly ApprovalRow[]): Promise<TextInFile> {
  const { contentId, locale, publishedNo, scheduledNo, publishAt } = text;
  const revisions = await revisionsOf(contentId, locale);
  const bodyOf = (no: number | null) => revisions.find((revision) => revision.no === no)?.body;
  const newest = revisions.at(-1);
  const [published, scheduled] = [bodyOf(publishedNo), bodyOf(scheduledNo)];
  const isDraft = newest !== undefined && newest.no !== publishedNo && newest.no !== scheduledNo;
  const consentTo = (no: number | null) =>
    given.find((row) => row.locale === locale && row.revisionNo === no && row.revisionNo !== null);
  const [approval, scheduledApproval] = [consentTo(publishedNo), consentTo(scheduledNo)];
  // Only where the source is what its own language shows: a file knows no other revision.
  const source = all.find(
    (one) => one.locale === approval?.translatesLocale && one.publishedNo === approval.translatesNo,
  );
  const madeFrom = text.madeFrom === null ? undefined : await bodyAt(contentId, "ja", text.madeFrom);
  return {
    origin: revisions.find(({ no }) => no === (publishedNo ?? newest?.no))?.origin ?? "import",
    ...(published && { published }),
    ...(scheduled && publishAt && { scheduled: { body: scheduled, at: publishAt.toISOString() } }),
    ...(isDraft && { draft: newest.body }),
    withdrawn: text.withdrawnAt !== null,
    ...(approval?.until && { approval: approvalOf(approval) }),
    ...(scheduledApproval?.until && { scheduled_approval: approvalOf(scheduledApproval) }),
    ...(source && { translates: source.locale }),
    ...(madeFrom && { made_from: madeFrom }),
  };
}

/** Undefined for a translation, which has no day of its own. */
const approvalOf = ({ reference, givenOn, until, channels }: ApprovalRow): ApprovalInFile | undefined =>
  until === null ? undefined : { reference, given_on: givenOn, until, channels: channels as ApprovalChannel[] };

const revisionsOf = (contentId: string, locale: Locale) =>
  db
    .select()
    .from(contentRevisions)
    .where(and(eq(contentRevisions.contentId, contentId), eq(contentRevisions.locale, locale)))
    .orderBy(asc(contentRevisions.no));

const bodyAt = async (contentId: string, locale: Locale, no: number) =>
  (await revisionsOf(contentId, locale)).find((revision) => revision.no === no)?.body;

async function picturesOf(ids: readonly string[]): Promise<Record<string, PictureInFile>> {
  const found: Record<string, PictureInFile> = {};
  for (const id of ids) {
    const [picture] = await db
      .select()
      .from(pictures)
      .where(and(eq(pictures.id, id), isNull(pictures.removedAt)));
    if (!picture) continue;
    const files = await db
      .select()
      .from(pictureFiles)
      .where(eq(pictureFiles.pictureId, id))
      .orderBy(pictureFiles.variant, pictureFiles.type);
    found[id] = {
      needs_consent: picture.needsConsent,
      focal_point: picture.focalPoint,
      alt: picture.alt,
      files: files.map(({ variant, type, width, height, content: bytes }) => ({
        ...{ variant, type, width, height },
        content: bytes.toString("base64"),
      })),
    };
  }
  return found;
}

/** What an import did. */
export interface ImportedContent {
  added: number;
  /** Entries of a name that is there already: they stay as they are. */
  known: number;
}

/**
 * Adds the entries of a file at the end of their lists, in one transaction; an entry whose name is there already stays as
 * it is. Throws Invalid (`file`) for what is no such file: then nothing is taken. For managers; `staff` is null for a command.
 */
export async function importContent(staff: Staff | null, text: string, now = new Date()): Promise<ImportedContent> {
  if (staff) allow(staff, "manager");
  const file = parseFile(text);
  return transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('content', 0))`);
    for (const kind of codes(contentKind)) await tx.insert(contentLists).values({ kind }).onConflictDoNothing();
    const imported: ImportedContent = { added: 0, known: 0 };
    for (const entry of file.entries) {
      const same = and(eq(content.kind, entry.kind), eq(content.slug, entry.slug));
      const [known] = await tx.select({ id: content.id }).from(content).where(same);
      if (known) imported.known++;
      if (!known || entry.kind === "guide") {
        await writePicture(tx, pictureIdIn(entry.facts), file.pictures, staff, now);
        await writeEntry(tx, entry, staff, now);
        if (!known) imported.added++;
      }
    }
    await audit(tx, staff, "import", "content", null, { ...imported });
    return imported;
  });
}

/** A picture keeps its id, which is in its address. */
async function writePicture(
  tx: Executor,
  id: string | undefined,
  inFile: ContentFile["pictures"],
  staff: Pick<Staff, "id"> | null,
  now: Date,
): Promise<void> {
  const picture = id === undefined ? undefined : inFile[id];
  if (id === undefined || picture === undefined) return;
  const [known] = await tx
    .select({ id: pictures.id })
    .from(pictures)
    .where(inArray(pictures.id, [id]));
  if (known) return;
  const { needs_consent: needsConsent, focal_point: focalPoint, alt, files } = picture;
  await tx
    .insert(pictures)
    .values({ id, needsConsent, focalPoint, alt, uploadedBy: staff?.id ?? null, uploadedAt: now });
  for (const { content: base64, ...file } of files) {
    const bytes = Buffer.from(base64, "base64");
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    await tx.insert(pictureFiles).values({ pictureId: id, ...file, sha256, content: bytes });
  }
}

function parseFile(text: string): ContentFile {
  try {
    return ContentFile.parse(JSON.parse(text.replace(/^\uFEFF/u, "")));
  } catch {
    throw new Invalid({ file: contentWords.notOurFile });
  }
}
