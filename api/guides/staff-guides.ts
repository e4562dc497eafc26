/** Guides as staff see them: every one, its versions, and how often it was asked for and opened. */

import { desc, eq, sql } from "drizzle-orm";
import { allow, type Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { NotFound, firstOrNotFound } from "#db/errors.ts";
import { guides, guideVersions } from "#db/schema/guides.ts";
import { staff as people } from "#db/schema/staff.ts";
import type { Role } from "#db/terms/staff.ts";
import { readStored } from "./files.ts";
import type { PdfFile } from "./pdf-answer.ts";

/** Who may see and change guides behind the sign-in. */
export const guideRoles: Role[] = ["manager", "coordinator"];

/** How often a guide was asked for and opened. */
export interface GuideUse {
  /** Download links given. */
  requests: number;
  /** Of those, the links that were opened at least once. */
  readers: number;
  /** Openings of all links together. */
  openings: number;
}

export interface StaffGuide extends GuideUse {
  slug: string;
  title: string;
  withdrawnAt: Date | null;
  versions: number;
  /** When its newest version was published. */
  updated: Date | null;
}

/** Every guide, the withdrawn ones last. */
export async function listStaffGuides(staff: Staff): Promise<StaffGuide[]> {
  allow(staff, ...guideRoles);
  const rows = await db.execute<Record<string, unknown> & Omit<StaffGuide, "updated" | "withdrawnAt"> & RawTimes>(sql`
    select g.slug, g.title, g.withdrawn_at as "withdrawnAt", v.versions, v.updated, ${use}
    from guides g
    cross join lateral (
      select count(*)::int as versions, max(published_at) as updated from guide_versions where guide_slug = g.slug
    ) v
    left join download_grants d on d.guide_slug = g.slug
    group by g.slug, v.versions, v.updated
    order by g.withdrawn_at is not null, g.slug`);
  return rows.map((row) => ({ ...row, withdrawnAt: instant(row.withdrawnAt), updated: instant(row.updated) }));
}

interface RawTimes {
  withdrawnAt: string | null;
  updated: string | null;
}

const use = sql`count(d.id)::int as requests, count(d.id) filter (where d.downloads > 0)::int as readers,
  coalesce(sum(d.downloads), 0)::int as openings`;

const instant = (time: string | null) => (time === null ? null : new Date(time));

export type GuideVersion = typeof guideVersions.$inferSelect & { by: string | null };

/** One guide with its files, newest first, and its use. Throws NotFound. */
export async function openGuide(
  staff: Staff,
  slug: string,
): Promise<typeof guides.$inferSelect & { versions: GuideVersion[]; use: GuideUse }> {
  allow(staff, ...guideRoles);
  const guide = firstOrNotFound(await db.select().from(guides).where(eq(guides.slug, slug)));
  const versions = await db
    .select({ version: guideVersions, by: people.name })
    .from(guideVersions)
    .leftJoin(people, eq(people.id, guideVersions.uploadedBy))
    .where(eq(guideVersions.guideSlug, slug))
    .orderBy(desc(guideVersions.version));
  const useRows = await db.execute<GuideUse & Record<string, unknown>>(
    sql`select ${use} from download_grants d where d.guide_slug = ${slug}`,
  );
  return { ...guide, versions: versions.map(({ version, by }) => ({ ...version, by })), use: firstOrNotFound(useRows) };
}

/** The file of one version. Throws NotFound. */
export async function openVersion(staff: Staff, slug: string, version: string): Promise<PdfFile> {
  allow(staff, ...guideRoles);
  const rows = await db.select().from(guideVersions).where(eq(guideVersions.guideSlug, slug));
  const { storedAs, fileName } = firstOrNotFound(rows.filter((row) => String(row.version) === version));
  const content = await readStored(storedAs).catch(() => {
    throw new NotFound("guide file");
  });
  return { content, fileName };
}
