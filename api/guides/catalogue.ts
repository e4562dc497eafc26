/** The catalogue: every guide as the public sees it. */

import { and, desc, eq } from "drizzle-orm";
import { db } from "#db/client.ts";
import { NotFound } from "#db/errors.ts";
import { log, traceOf } from "#db/log.ts";
import { content } from "#db/schema/content.ts";
import { guides, guideVersions } from "#db/schema/guides.ts";
import { readTimeoutMs, withTimeout } from "#db/timeout.ts";
import { readStored, sizeOf } from "./files.ts";

export interface Guide {
  slug: string;
  title: string;
  summary: string;
  forWhom: string;
  contents: string[];
  version: number;
  /** Null for a file whose pages could not be counted. */
  pages: number | null;
  bytes: number;
  /** When its newest version was published. */
  updated: Date;
  preview: { url: string; width: number; height: number } | undefined;
  isWithdrawn: boolean;
}

interface CatalogueEntry extends Guide {
  /** Name of the picture in the store. */
  picture: string | null;
}

async function readCatalogue(): Promise<CatalogueEntry[]> {
  const rows = await db
    .selectDistinctOn([guides.slug], { guide: guides, newest: guideVersions, position: content.position })
    .from(guides)
    .innerJoin(guideVersions, eq(guideVersions.guideSlug, guides.slug))
    .leftJoin(content, and(eq(content.kind, "guide"), eq(content.slug, guides.slug)))
    .orderBy(guides.slug, desc(guideVersions.version));
  // In the order of the list that staff keep; a guide that is in none yet comes last.
  const inOrder = rows.toSorted((a, b) => (a.position ?? Infinity) - (b.position ?? Infinity));
  return inOrder.map(({ guide: { slug, title, summary, forWhom, contents, withdrawnAt }, newest }) => ({
    ...{ slug, title, summary, forWhom, contents },
    ...{ version: newest.version, pages: newest.pages, bytes: newest.bytes, updated: newest.publishedAt },
    preview: newest.preview === null ? undefined : { url: previewUrl(slug, newest.preview), ...sizeOf(newest.preview) },
    isWithdrawn: withdrawnAt !== null,
    picture: newest.preview,
  }));
}

const previewUrl = (slug: string, name: string) => `/guides/${slug}/preview.webp?v=${pictureVersion(name)}`;

/** Beginning of the picture's hash, which its name in the store begins with. */
const pictureVersion = (name: string) => name.slice(0, 12);

/** The catalogue as it was last read, for what cannot be a stored page: a refused form and the pictures. */
let lastRead: CatalogueEntry[] | undefined;

/** The catalogue. Throws a timeout after `readTimeoutMs` when the database does not answer. */
async function catalogue(): Promise<CatalogueEntry[]> {
  lastRead = await withTimeout(readTimeoutMs, readCatalogue());
  return lastRead;
}

/** The same; while the database is away, as it was last read (log line `guides.from_memory`). */
async function catalogueOrLastRead(): Promise<CatalogueEntry[]> {
  if (lastRead === undefined) return catalogue();
  return withTimeout(staleTimeoutMs, catalogue()).catch((error: unknown) => {
    log("guides.from_memory", traceOf(error));
    return lastRead ?? [];
  });
}

/** Timeout of a read, in milliseconds, where there is an older copy to fall back on. */
const staleTimeoutMs = 1000;

const guideIn = (entries: CatalogueEntry[], slug: string) => entries.find((guide) => guide.slug === slug);

/** Every guide that is not withdrawn, in the order of their list. */
export async function listGuides(): Promise<Guide[]> {
  return (await catalogue()).filter(({ isWithdrawn }) => !isWithdrawn);
}

/** The same for a page that must not fail with the database: as last read, or none. */
export async function listGuidesOrLastRead(): Promise<Guide[]> {
  const entries = await catalogueOrLastRead().catch(() => []);
  return entries.filter(({ isWithdrawn }) => !isWithdrawn);
}

/** One guide, also a withdrawn one, whose page says so. Undefined if there never was one. */
export const getGuide = async (slug: string): Promise<Guide | undefined> => guideIn(await catalogue(), slug);

/** The same for a form that is shown again with what was typed, also while the database is away. */
export const getGuideForForm = async (slug: string): Promise<Guide | undefined> =>
  guideIn(await catalogueOrLastRead(), slug);

/** The picture of a guide's first page (WebP) and its version, for the ETag. Throws NotFound, also for a withdrawn guide. */
export async function previewOf(slug: string): Promise<{ content: Buffer; version: string }> {
  const guide = guideIn(await catalogueOrLastRead(), slug);
  if (!guide?.picture || guide.isWithdrawn) throw new NotFound("no picture");
  const content = await readStored(guide.picture).catch(() => {
    throw new NotFound("no picture file");
  });
  return { content, version: pictureVersion(guide.picture) };
}
