/** The guides on offer: those that come with the product, and what the public is shown of all. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { and, desc, eq, isNotNull, isNull } from "drizzle-orm";
import { db, type Executor } from "#db/client.ts";
import { NotFound } from "#db/errors.ts";
import { log, traceOf } from "#db/log.ts";
import { readPatience, within } from "#db/patience.ts";
import { guides, guideVersions } from "#db/schema/guides.ts";
import { auditEvents } from "#db/schema/staff.ts";
import { isStored, keepPdf, nameOf, readStored, sizeOf, type Stored, storePdf } from "./guide-files.ts";

export interface Guide {
  slug: string;
  title: string;
  summary: string;
  forWhom: string;
  contents: string[];
  version: number;
  /** Null for a file that could not be looked into. */
  pages: number | null;
  bytes: number;
  /** When its newest version was published. */
  updated: Date;
  preview: { url: string; width: number; height: number } | undefined;
  isWithdrawn: boolean;
}

interface Shelved extends Guide {
  /** Name of the picture in the store. */
  picture: string | null;
}

async function readShelf(): Promise<Shelved[]> {
  const rows = await db
    .selectDistinctOn([guides.slug], { guide: guides, newest: guideVersions })
    .from(guides)
    .innerJoin(guideVersions, eq(guideVersions.guideSlug, guides.slug))
    .orderBy(guides.slug, desc(guideVersions.version));
  return rows.map(({ guide: { slug, title, summary, forWhom, contents, withdrawnAt }, newest }) => ({
    ...{ slug, title, summary, forWhom, contents },
    ...{ version: newest.version, pages: newest.pages, bytes: newest.bytes, updated: newest.publishedAt },
    preview: newest.preview === null ? undefined : { url: previewUrl(slug, newest.preview), ...sizeOf(newest.preview) },
    isWithdrawn: withdrawnAt !== null,
    picture: newest.preview,
  }));
}

const previewUrl = (slug: string, name: string) => `/guides/${slug}/preview.webp?v=${name.slice(0, 12)}`;

/** What the database said last. */
let lastGood: Shelved[] | undefined;

/** Longer than this nobody waits for a guide's page while we know what stood there before. */
const patienceMs = 1000;

/** The shelf as it is; as it last was, while the database is away. */
async function shelf(): Promise<Shelved[]> {
  try {
    lastGood = await within(lastGood === undefined ? readPatience : patienceMs, readShelf());
    return lastGood;
  } catch (error) {
    if (lastGood === undefined) throw error;
    log("guides.from_memory", traceOf(error));
    return lastGood;
  }
}

/** Every guide that is on offer, in the order of their addresses. */
export async function listGuides(): Promise<Guide[]> {
  return (await shelf()).filter(({ isWithdrawn }) => !isWithdrawn);
}

/** One guide, also one that was withdrawn: its page says so. Undefined if there never was one. */
export async function getGuide(slug: string): Promise<Guide | undefined> {
  return (await shelf()).find((guide) => guide.slug === slug);
}

/** The picture of a guide's first page and its mark for ETag. Throws NotFound, also for a withdrawn guide. */
export async function previewOf(slug: string): Promise<{ content: Buffer; mark: string }> {
  const guide = (await shelf()).find((one) => one.slug === slug && !one.isWithdrawn);
  if (!guide?.picture) throw new NotFound("no picture");
  const content = await readStored(guide.picture).catch(() => {
    throw new NotFound("no picture file");
  });
  return { content, mark: guide.picture.slice(0, 12) };
}

const bundled = fileURLToPath(new URL("../site/content/guides", import.meta.url));

/**
 * Takes the guides that come with the site into the store; run at each start, changes nothing twice.
 * What staff have taken over (a file, a word, a withdrawal of theirs) stays as they left it.
 */
export async function stockGuides(): Promise<number> {
  const files = existsSync(bundled) ? readdirSync(bundled).filter((name) => name.endsWith(".pdf")) : [];
  for (const name of files) await stock(basename(name, ".pdf"));
  await completeVersions();
  lastGood = await readShelf();
  return files.length;
}

async function stock(slug: string): Promise<void> {
  const content = readFileSync(join(bundled, `${slug}.pdf`));
  await keepPdf(content);
  const { fileName, publishedAt, ...words } = wordsOf(readFileSync(join(bundled, `${slug}.md`), "utf8"));
  const known = await newestOf(db, slug);
  const isKnown =
    known?.storedAs === nameOf(content) && known.pages !== null && known.preview !== null && isStored(known.preview);
  const file = isKnown ? undefined : await storePdf(content, fileName);
  await db.transaction(async (tx) => {
    await tx
      .insert(guides)
      .values({ slug, ...words })
      .onConflictDoNothing();
    await tx.select({ slug: guides.slug }).from(guides).where(eq(guides.slug, slug)).for("update");
    if (await isTakenOver(tx, slug)) return;
    await tx.update(guides).set(words).where(eq(guides.slug, slug));
    if (file) await stockFile(tx, slug, file, publishedAt);
  });
}

/** The same content completes the row that an older release left; another one is a new version. */
async function stockFile(tx: Executor, slug: string, file: Stored, publishedAt: Date): Promise<void> {
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

/** The newest version of a guide, whoever made it. */
export async function newestOf(tx: Executor, slug: string) {
  const [newest] = await tx
    .select()
    .from(guideVersions)
    .where(eq(guideVersions.guideSlug, slug))
    .orderBy(desc(guideVersions.version))
    .limit(1);
  return newest;
}

/** Whatever a member of staff does to a guide leaves a line in the audit trail. */
async function isTakenOver(tx: Executor, slug: string): Promise<boolean> {
  const [trace] = await tx
    .select({ id: auditEvents.id })
    .from(auditEvents)
    .where(and(eq(auditEvents.noun, "guide"), eq(auditEvents.nounId, slug), isNotNull(auditEvents.staffId)))
    .limit(1);
  return trace !== undefined;
}

/** Pages and pictures that an older release did not look for, where the file is still there. */
async function completeVersions(): Promise<void> {
  const bare = await db.select().from(guideVersions).where(isNull(guideVersions.preview));
  for (const { id, storedAs, fileName } of bare) {
    if (!isStored(storedAs)) continue;
    try {
      const { pages, preview } = await storePdf(await readStored(storedAs), fileName);
      await db.update(guideVersions).set({ pages, preview }).where(eq(guideVersions.id, id));
    } catch (error) {
      log("guides.unreadable", { version: id, ...traceOf(error) });
    }
  }
}

/** What the page's own front matter and headings say; the site's schema has checked them. */
function wordsOf(markdown: string) {
  const value = (name: string) => new RegExp(`^${name}:\\s*["']?(.+?)["']?\\s*$`, "mu").exec(markdown)?.[1] ?? "";
  return {
    ...{ title: value("title"), summary: value("summary"), forWhom: value("forWhom"), fileName: value("fileName") },
    contents: [...markdown.matchAll(/^## (.+)$/gmu)].map(([, heading = ""]) => heading.trim()),
    publishedAt: new Date(`${value("updated")}T00:00:00+09:00`),
  };
}
