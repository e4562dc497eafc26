/** What the blocks of an issue show: guides and pictures, read from the database. */

import { and, eq, inArray, isNull, type SQL, sql } from "drizzle-orm";
import { db, type Executor } from "#db/client.ts";
import { content, pictureFiles, pictures } from "#db/schema/content.ts";
import { guides } from "#db/schema/guides.ts";
import { pictureFileName } from "#db/terms/picture-files.ts";
import { guidesIn, picturesIn } from "./segments.ts";

export interface Material {
  /** By slug; withdrawn ones are left out. */
  guides: Readonly<Record<string, { title: string; summary: string }>>;
  /** By id: the JPEG, which every mail program draws, in the larger of the widths for pages. */
  pictures: Readonly<Record<string, { path: string; width: number; height: number }>>;
}

/** For a text without blocks. */
export const noMaterial: Material = { guides: {}, pictures: {} };

/**
 * SQL: the picture was uploaded for the newsletter. It belongs to no entry of the site, whose pictures go when it changes, and needs no
 * consent: a mail cannot be called back when one ends.
 */
export const isNewsletterPicture: SQL = sql`(${pictures.needsConsent} = false and ${pictures.removedAt} is null
  and not exists (select 1 from ${content} where ${content.facts} ->> 'picture' = ${pictures.id}::text))`;

/** All that the blocks of these texts show. A guide that is not there, and a picture that is not the newsletter's, is left out. */
export async function readMaterial(sources: string | readonly string[], from: Executor = db): Promise<Material> {
  const texts = [sources].flat();
  const slugs = texts.flatMap(guidesIn);
  const ids = texts.flatMap(picturesIn);
  const guideRows =
    slugs.length === 0
      ? []
      : await from
          .select({ slug: guides.slug, title: guides.title, summary: guides.summary })
          .from(guides)
          .where(and(inArray(guides.slug, slugs), isNull(guides.withdrawnAt)));
  const { pictureId, variant, type, width, height, sha256 } = pictureFiles;
  const files =
    ids.length === 0
      ? []
      : await from
          .select({ pictureId, variant, type, width, height, sha256 })
          .from(pictureFiles)
          .innerJoin(pictures, eq(pictures.id, pictureId))
          .where(and(inArray(pictureId, ids), isNewsletterPicture, eq(variant, "large"), eq(type, "image/jpeg")));
  return {
    guides: Object.fromEntries(guideRows.map(({ slug, ...guide }) => [slug, guide])),
    pictures: Object.fromEntries(
      files.map((file) => [
        file.pictureId,
        { path: `/pictures/${file.pictureId}/${pictureFileName(file)}`, width: file.width, height: file.height },
      ]),
    ),
  };
}

/** The guide of a block, if there is one of that slug. */
export const guideOf = ({ guides: known }: Material, slug: string) =>
  Object.hasOwn(known, slug) ? known[slug] : undefined;

/** The picture of a block, if it is there. */
export const materialPicture = ({ pictures: known }: Material, id: string) =>
  Object.hasOwn(known, id) ? known[id] : undefined;
