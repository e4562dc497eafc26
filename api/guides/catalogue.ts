/** The catalogue: every guide as the public sees it, also while the database is away. */

import { desc, eq } from "drizzle-orm";
import { db } from "#db/client.ts";
import { NotFound } from "#db/errors.ts";
import { log, traceOf } from "#db/log.ts";
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

const previewUrl = (slug: string, name: string) => `/guides/${slug}/preview.webp?v=${pictureVersion(name)}`;

/** Beginning of the picture's hash, which its name in the store begins with. */
const pictureVersion = (name: string) => name.slice(0, 12);

/** The catalogue as it was last read. */
let lastGood: CatalogueEntry[] | undefined;

/** Timeout of the read, in milliseconds, while there is an older copy to fall back on. */
const staleTimeoutMs = 1000;

/** The catalogue; while the database is away, the copy that was last read (log line `guides.from_memory`). */
async function catalogue(): Promise<CatalogueEntry[]> {
  try {
    lastGood = await withTimeout(lastGood === undefined ? readTimeoutMs : staleTimeoutMs, readCatalogue());
    return lastGood;
  } catch (error) {
    if (lastGood === undefined) throw error;
    log("guides.from_memory", traceOf(error));
    return lastGood;
  }
}

/** Every guide that is not withdrawn, ordered by slug. */
export async function listGuides(): Promise<Guide[]> {
  return (await catalogue()).filter(({ isWithdrawn }) => !isWithdrawn);
}

/** One guide, also a withdrawn one, whose page says so. Undefined if there never was one. */
export async function getGuide(slug: string): Promise<Guide | undefined> {
  return (await catalogue()).find((guide) => guide.slug === slug);
}

/** The picture of a guide's first page (WebP) and its version, for the ETag. Throws NotFound, also for a withdrawn guide. */
export async function previewOf(slug: string): Promise<{ content: Buffer; version: string }> {
  const guide = (await catalogue()).find((entry) => entry.slug === slug && !entry.isWithdrawn);
  if (!guide?.picture) throw new NotFound("no picture");
  const content = await readStored(guide.picture).catch(() => {
    throw new NotFound("no picture file");
  });
  return { content, version: pictureVersion(guide.picture) };
}

/** Reads the catalogue again, so that the copy is up to date should the database go away. */
export async function refreshCatalogue(): Promise<void> {
  lastGood = await readCatalogue();
}
