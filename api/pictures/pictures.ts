/** Pictures of entries as staff see and change them. */

import { createHash } from "node:crypto";
import { and, eq, isNull, sql } from "drizzle-orm";
import { findEntry } from "#api/content/entries.ts";
import type { PublishedPicture } from "#api/published/published.ts";
import { UnusablePicture } from "#api/uploads/logo.ts";
import { readPhoto } from "#api/uploads/photo.ts";
import { audit, type Staff } from "#db/actor.ts";
import { db, type Transaction, transaction } from "#db/client.ts";
import { Invalid, NotFound, Refused } from "#db/errors.ts";
import { newId } from "#db/random/ids.ts";
import { content, pictureFiles, pictures } from "#db/schema/content.ts";
import { type Drawing, drawingFact, fieldsOf, pictureIdIn } from "#db/terms/content-fields.ts";
import type { ContentKind, FocalPoint } from "#db/terms/content.ts";
import type { Locale } from "#db/terms/locale.ts";
import { pictureWords } from "#db/words/staff/pictures.ts";
import { filesOf, forgetPicture } from "./files.ts";

/** The entry that a picture belongs to, and the version of its facts that the form showed. */
export interface EntryAt {
  kind: ContentKind;
  id: string;
  factsVersion: number;
}

export type AltTexts = Partial<Record<Locale, string>>;

export type StoredPicture = Omit<typeof pictures.$inferSelect, "uploadedBy">;

/** The field of a kind that holds a picture; undefined where it has none. */
export const pictureField = (kind: ContentKind) =>
  fieldsOf(kind).facts.find(({ input }) => input === "picture" || input === "portrait");

/** The uploaded picture of an entry; undefined where it shows none, or a drawing. */
export async function pictureOfEntry(facts: Record<string, string>): Promise<StoredPicture | undefined> {
  const id = pictureIdIn(facts);
  if (id === undefined) return undefined;
  const [row] = await db
    .select()
    .from(pictures)
    .where(and(eq(pictures.id, id), isNull(pictures.removedAt)));
  return row;
}

/** The same as pages show pictures, for those who may see it before it is public. */
export async function previewPicture(facts: Record<string, string>): Promise<PublishedPicture | undefined> {
  const picture = await pictureOfEntry(facts);
  return picture && { ...picture, files: await filesOf(picture.id), lastDays: {} };
}

/**
 * Takes in a picture and puts it on the entry in place of the one before, whose files are deleted. Shown to visitors once its
 * consent is recorded, where it needs one. Throws Forbidden and NotFound as `findEntry`, Invalid (`file`, `alt.…`), Refused where
 * somebody changed the entry meanwhile.
 */
export async function uploadPicture(
  staff: Staff,
  at: EntryAt,
  { file, alt, focalPoint }: { file: Buffer; alt: AltTexts; focalPoint: FocalPoint },
  now = new Date(),
): Promise<string> {
  await findEntry(db, staff, at.kind, at.id);
  const field = pictureField(at.kind);
  if (!field) throw new NotFound();
  if (Object.values(alt).every((text) => text === "")) throw new Invalid({ "alt.ja": pictureWords.altMissing });
  const { id, store } = await readPicture(staff, file, now);
  const needsConsent = field.input === "portrait";
  await changePictureFact(staff, at, id, now, (tx) => store(tx, { needsConsent, focalPoint, alt }, { entry: at.id }));
  return id;
}

/** What is said of a picture that is taken in. */
type Described = Pick<typeof pictures.$inferInsert, "needsConsent" | "focalPoint" | "alt">;

/**
 * Reads an uploaded photograph, before anything is locked. `store` writes its rows inside the caller's transaction; `where` is
 * what it belongs to, for the audit trail. Throws Invalid (`file`).
 */
export async function readPicture(staff: Staff, file: Buffer, now: Date) {
  const files = await readPhoto(file).catch((error: unknown) => {
    throw error instanceof UnusablePicture ? new Invalid({ file: error.message }) : error;
  });
  const id = newId(now.getTime());
  const store = async (tx: Transaction, described: Described, where: Record<string, string>): Promise<void> => {
    await tx.insert(pictures).values({ id, ...described, uploadedBy: staff.id, uploadedAt: now });
    for (const one of files) {
      const sha256 = createHash("sha256").update(one.content).digest("hex");
      await tx.insert(pictureFiles).values({ pictureId: id, ...one, sha256 });
    }
    await audit(tx, staff, "upload", "picture", id, where);
  };
  return { id, store };
}

/** Shows one of the product's own drawings, or nothing (""). Throws as `uploadPicture`. */
export async function chooseDrawing(staff: Staff, at: EntryAt, drawing: string, now = new Date()): Promise<void> {
  if (drawing !== "" && !Object.hasOwn(pictureField(at.kind)?.drawings ?? {}, drawing))
    throw new Invalid({ drawing: pictureWords.noDrawing });
  await changePictureFact(staff, at, drawing === "" ? "" : drawingFact(drawing as Drawing), now, async () => {});
}

/** One change of the fact under the entry's lock; the picture before loses its files. */
async function changePictureFact(
  staff: Staff,
  at: EntryAt,
  value: string,
  now: Date,
  store: (tx: Transaction) => Promise<void>,
): Promise<void> {
  await transaction(async (tx) => {
    const entry = await findEntry(tx, staff, at.kind, at.id, true);
    if (!pictureField(at.kind)) throw new NotFound();
    if (entry.factsVersion !== at.factsVersion) throw new Refused(pictureWords.changedMeanwhile);
    const before = entry.facts["picture"] ?? "";
    if (before === value) return;
    await store(tx);
    await tx
      .update(content)
      .set({ facts: { ...entry.facts, picture: value }, factsVersion: sql`${content.factsVersion} + 1` })
      .where(eq(content.id, at.id));
    const former = pictureIdIn(entry.facts);
    if (former !== undefined) await removeUnused(tx, staff, former, now);
  });
}

/** Deletes the files of a picture, unless an entry shows it. Its row stays without words, so that its address answers 410. */
export async function removeUnused(tx: Transaction, staff: Staff | null, id: string, now: Date): Promise<void> {
  const [used] = await tx
    .select({ id: content.id })
    .from(content)
    .where(sql`${content.facts} ->> 'picture' = ${id}`)
    .limit(1);
  if (used) return;
  await tx.delete(pictureFiles).where(eq(pictureFiles.pictureId, id));
  await tx.update(pictures).set({ removedAt: now, alt: {} }).where(eq(pictures.id, id));
  await audit(tx, staff, "remove", "picture", id);
  tx.afterCommit(() => void forgetPicture(id));
}

/**
 * Changes what a picture shows in words and what stays in view where it is cropped. Throws Refused, and nothing is written,
 * where somebody changed them meanwhile; Invalid without any words.
 */
export async function describePicture(
  staff: Staff,
  { kind, id }: Pick<EntryAt, "kind" | "id">,
  picture: { id: string; version: number; alt: AltTexts; focalPoint: FocalPoint },
): Promise<void> {
  if (Object.values(picture.alt).every((text) => text === "")) throw new Invalid({ "alt.ja": pictureWords.altMissing });
  await transaction(async (tx) => {
    const entry = await findEntry(tx, staff, kind, id, true);
    if (pictureIdIn(entry.facts) !== picture.id) throw new NotFound();
    const [row] = await tx.select().from(pictures).where(eq(pictures.id, picture.id)).for("update");
    if (row?.version !== picture.version) throw new Refused(pictureWords.changedMeanwhile);
    await tx
      .update(pictures)
      .set({ alt: picture.alt, focalPoint: picture.focalPoint, version: picture.version + 1 })
      .where(eq(pictures.id, picture.id));
    await audit(tx, staff, "describe", "picture", picture.id);
  });
}

/** Bytes of all pictures; staff are warned above 500 MB, since every backup carries them. */
export async function picturesSize(): Promise<number> {
  const [row] = await db.execute<{ bytes: number }>(
    sql`select coalesce(sum(octet_length(content)), 0)::float8 as bytes from picture_files`,
  );
  return row?.bytes ?? 0;
}
