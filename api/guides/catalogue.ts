/** The guides on offer: those that come with the product, and what the public is shown of all. */

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
  /** Null for a file that could not be looked into. */
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

const previewUrl = (slug: string, name: string) => `/guides/${slug}/preview.webp?v=${name.slice(0, 12)}`;

/** What the database said last. */
let lastGood: CatalogueEntry[] | undefined;

/** Longer than this nobody waits for a guide's page while we know what stood there before. */
const staleTimeoutMs = 1000;

/** The shelf as it is; as it last was, while the database is away. */
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

/** Every guide that is on offer, in the order of their addresses. */
export async function listGuides(): Promise<Guide[]> {
  return (await catalogue()).filter(({ isWithdrawn }) => !isWithdrawn);
}

/** One guide, also one that was withdrawn: its page says so. Undefined if there never was one. */
export async function getGuide(slug: string): Promise<Guide | undefined> {
  return (await catalogue()).find((guide) => guide.slug === slug);
}

/** The picture of a guide's first page and its mark for ETag. Throws NotFound, also for a withdrawn guide. */
export async function previewOf(slug: string): Promise<{ content: Buffer; mark: string }> {
  const guide = (await catalogue()).find((one) => one.slug === slug && !one.isWithdrawn);
  if (!guide?.picture) throw new NotFound("no picture");
  const content = await readStored(guide.picture).catch(() => {
    throw new NotFound("no picture file");
  });
  return { content, mark: guide.picture.slice(0, 12) };
}

/** Reads the catalogue anew, so that it is known should the database go away. */
export async function refreshCatalogue(): Promise<void> {
  lastGood = await readCatalogue();
}
