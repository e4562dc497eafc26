/** Installs the guides that come with the product (site/content/guides), at each start and when the settings change. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { eq, isNull, sql } from "drizzle-orm";
import { withOwnCover } from "#api/brand/guide-covers.ts";
import { updateListEntry } from "#api/content/guide-entry.ts";
import { readAudit } from "#db/audit-trail.ts";
import { type Executor, db, transaction } from "#db/client.ts";
import { log, traceOf } from "#db/log.ts";
import { guides, guideVersions } from "#db/schema/guides.ts";
import { listGuides } from "./catalogue.ts";
import {
  isGuideStored,
  nameOf,
  readStored,
  savePdf,
  sizeOf,
  type StoredPdf,
  storeExamined,
  storePdf,
} from "./files.ts";
import type { Picture } from "./pdf.ts";
import { newestOf } from "./versions.ts";

const bundled = fileURLToPath(new URL("../../site/content/guides", import.meta.url));

/**
 * Installs the bundled guides; idempotent. A guide that staff have changed in any way (file, text,
 * withdrawal) stays as they left it. Returns the number of bundled guides.
 */
export async function installBundledGuides(): Promise<number> {
  const files = existsSync(bundled) ? readdirSync(bundled).filter((name) => name.endsWith(".pdf")) : [];
  for (const name of files) await installGuide(basename(name, ".pdf"));
  await completeVersions();
  await completeListEntries();
  await listGuides(); // remembered, should the database go away
  return files.length;
}

/** Guides of a release that had no lists of entries, and those that came or changed with this one. */
async function completeListEntries(): Promise<void> {
  await transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('content', 0))`);
    const known = await tx.select({ slug: guides.slug }).from(guides).orderBy(guides.slug);
    for (const { slug } of known) await updateListEntry(tx, slug, null);
  });
}

async function installGuide(slug: string): Promise<void> {
  const { fileName, publishedAt, pages, ...description } = descriptionOf(
    readFileSync(join(bundled, `${slug}.md`), "utf8"),
  );
  const original = readFileSync(join(bundled, `${slug}.pdf`));
  const content = await withOwnCover(original, { ...description, publishedAt });
  await savePdf(content);
  const known = await newestOf(db, slug);
  const isKnown =
    known?.storedAs === nameOf(content) &&
    known.pages !== null &&
    known.preview !== null &&
    isGuideStored(known.preview);
  const picture = bundledPicture(slug, content);
  const store = () => (picture ? storeExamined(content, fileName, { pages, picture }) : storePdf(content, fileName));
  const file = isKnown ? undefined : await store();
  await transaction(async (tx) => {
    await tx
      .insert(guides)
      .values({ slug, ...description })
      .onConflictDoNothing();
    await tx.select({ slug: guides.slug }).from(guides).where(eq(guides.slug, slug)).for("update");
    if (await isChangedByStaff(tx, slug)) return;
    await tx.update(guides).set(description).where(eq(guides.slug, slug));
    if (file) await installFile(tx, slug, file, publishedAt);
  });
}

/** Name of the picture that comes with a guide (tests/print-guides.ts): it holds the PDF's hash, so that no other PDF gets it. */
export const pictureName = (
  slug: string,
  content: Buffer,
  { width, height }: Pick<Picture, "width" | "height">,
): string => `${slug}.${nameOf(content).slice(0, 12)}-${width}x${height}.webp`;

/**
 * The picture that comes with this very PDF; undefined where none does, and the PDF is then examined. Examining at the
 * first start costs most of a second, and memory that the process keeps.
 */
function bundledPicture(slug: string, content: Buffer): Picture | undefined {
  const prefix = pictureName(slug, content, { width: 0, height: 0 }).replace("0x0.webp", "");
  const name = readdirSync(bundled).find((entry) => entry.startsWith(prefix));
  return name === undefined ? undefined : { content: readFileSync(join(bundled, name)), ...sizeOf(name) };
}

/** The same file completes the row of an older release, which knew no pages or picture; another one is a new version. */
async function installFile(tx: Executor, slug: string, file: StoredPdf, publishedAt: Date): Promise<void> {
  const newest = await newestOf(tx, slug);
  if (newest?.storedAs === file.storedAs)
    await tx
      .update(guideVersions)
      .set({ ...file, publishedAt })
      .where(eq(guideVersions.id, newest.id));
  else
    await tx
      .insert(guideVersions)
      .values({ guideSlug: slug, version: (newest?.version ?? 0) + 1, ...file, publishedAt });
}

/** Whether staff have changed this guide: every change of theirs leaves an audit row. */
async function isChangedByStaff(tx: Executor, slug: string): Promise<boolean> {
  return (await readAudit(tx, { noun: "guide", nounId: slug, byStaff: true })).length > 0;
}

/** Adds page counts and pictures to versions of an older release, which had none, where the file still exists. */
async function completeVersions(): Promise<void> {
  const incomplete = await db.select().from(guideVersions).where(isNull(guideVersions.preview));
  for (const { id, storedAs, fileName } of incomplete) {
    if (!isGuideStored(storedAs)) continue;
    try {
      const { pages, preview } = await storePdf(await readStored(storedAs), fileName);
      await db.update(guideVersions).set({ pages, preview }).where(eq(guideVersions.id, id));
    } catch (error) {
      log("guides.unreadable", { version: id, ...traceOf(error) });
    }
  }
}

/** Title, summary, number of pages and chapters from the guide's Markdown: front matter and headings, validated by the site's schema. */
function descriptionOf(markdown: string) {
  const value = (name: string) => new RegExp(`^${name}:\\s*["']?(.+?)["']?\\s*$`, "mu").exec(markdown)?.[1] ?? "";
  return {
    ...{ title: value("title"), summary: value("summary"), forWhom: value("forWhom"), fileName: value("fileName") },
    contents: [...markdown.matchAll(/^## (.+)$/gmu)].map(([, heading = ""]) => heading.trim()),
    pages: Number(value("pages")),
    publishedAt: new Date(`${value("updated")}T00:00:00+09:00`),
  };
}
