/** What staff do with guides: add, reword, publish a new file, withdraw, put back. */

import { desc, eq, sql } from "drizzle-orm";
import { allow, audit, type Staff } from "#db/actor.ts";
import { type Executor, db, transaction } from "#db/client.ts";
import { Invalid, NotFound, firstOrNotFound, Refused } from "#db/errors.ts";
import { pooledRandomBytes } from "#db/random/bytes.ts";
import { guides, guideVersions } from "#db/schema/guides.ts";
import { staff as people } from "#db/schema/staff.ts";
import type { Role } from "#db/terms/staff.ts";
import { readStored, acceptUpload } from "./files.ts";
import type { GuideWords, NewGuide } from "./forms.ts";
import type { PdfFile } from "./pdf-answer.ts";
import { newestOf } from "./versions.ts";

const keepers: Role[] = ["manager", "coordinator"];

/** How often a guide was asked for, by how many of those it was opened, and how often in all. */
export interface GuideUse {
  requests: number;
  readers: number;
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
  allow(staff, ...keepers);
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

const instant = (said: string | null) => (said === null ? null : new Date(said));

export type GuideVersion = typeof guideVersions.$inferSelect & { by: string | null };

/** One guide with its files, newest first, and its use. Throws NotFound. */
export async function openGuide(
  staff: Staff,
  slug: string,
): Promise<typeof guides.$inferSelect & { versions: GuideVersion[]; use: GuideUse }> {
  allow(staff, ...keepers);
  const guide = firstOrNotFound(await db.select().from(guides).where(eq(guides.slug, slug)));
  const versions = await db
    .select({ version: guideVersions, by: people.name })
    .from(guideVersions)
    .leftJoin(people, eq(people.id, guideVersions.uploadedBy))
    .where(eq(guideVersions.guideSlug, slug))
    .orderBy(desc(guideVersions.version));
  const used = await db.execute<GuideUse & Record<string, unknown>>(
    sql`select ${use} from download_grants d where d.guide_slug = ${slug}`,
  );
  return { ...guide, versions: versions.map(({ version, by }) => ({ ...version, by })), use: firstOrNotFound(used) };
}

/** The file of one version, for reading it again. Throws NotFound. */
export async function openVersion(staff: Staff, slug: string, version: string): Promise<PdfFile> {
  allow(staff, ...keepers);
  const rows = await db.select().from(guideVersions).where(eq(guideVersions.guideSlug, slug));
  const { storedAs, fileName } = firstOrNotFound(rows.filter((row) => String(row.version) === version));
  const content = await readStored(storedAs).catch(() => {
    throw new NotFound("guide file");
  });
  return { content, fileName };
}

/** Puts a new guide on the site; returns its slug. Throws Invalid for a file that cannot be used or a slug that is taken. */
export async function addGuide(staff: Staff, { file, slug = generatedSlug(), ...words }: NewGuide): Promise<string> {
  allow(staff, ...keepers);
  const [other] = await db.select().from(guides).where(eq(guides.slug, slug));
  if (other) throw new Invalid({ slug: takenSentence });
  const stored = await acceptUpload(file);
  await transaction(async (tx) => {
    const added = await tx
      .insert(guides)
      .values({ slug, ...words })
      .onConflictDoNothing()
      .returning();
    if (added.length === 0) throw new Invalid({ slug: takenSentence });
    await tx.insert(guideVersions).values({ guideSlug: slug, version: 1, ...stored, uploadedBy: staff.id });
    await audit(tx, staff, "add", "guide", slug, { bytes: stored.bytes, pages: stored.pages });
  });
  return slug;
}

const takenSentence = "このアドレスは、ほかの資料で使っています。別のものにしてください。";
const generatedSlug = () => `guide-${pooledRandomBytes(5).toString("hex")}`;

/** Changes what is said about a guide. Throws NotFound. */
export async function editGuide(staff: Staff, slug: string, words: GuideWords): Promise<void> {
  allow(staff, ...keepers);
  await transaction(async (tx) => {
    firstOrNotFound(await tx.update(guides).set(words).where(eq(guides.slug, slug)).returning());
    await audit(tx, staff, "edit", "guide", slug);
  });
}

/** Makes a file the newest version, which links given earlier open from now on. Throws NotFound, Invalid. */
export async function publishVersion(staff: Staff, slug: string, file: File): Promise<void> {
  allow(staff, ...keepers);
  firstOrNotFound(await db.select().from(guides).where(eq(guides.slug, slug)));
  const stored = await acceptUpload(file);
  await transaction(async (tx) => {
    await lockGuide(tx, slug);
    const newest = await newestOf(tx, slug);
    if (newest?.storedAs === stored.storedAs)
      throw new Invalid({ file: "いま公開している版と同じファイルです。新しいファイルを選んでください。" });
    const version = (newest?.version ?? 0) + 1;
    await tx.insert(guideVersions).values({ guideSlug: slug, version, ...stored, uploadedBy: staff.id });
    await audit(tx, staff, "publish", "guide", slug, { version, bytes: stored.bytes, pages: stored.pages });
  });
}

/** Takes a guide off the site; links given earlier say so. Throws NotFound, Refused. */
export async function withdrawGuide(staff: Staff, slug: string, now = new Date()): Promise<void> {
  allow(staff, ...keepers);
  await transaction(async (tx) => {
    const guide = await lockGuide(tx, slug);
    if (guide.withdrawnAt) throw new Refused("この資料は、すでに公開を終えています。");
    await tx.update(guides).set({ withdrawnAt: now }).where(eq(guides.slug, slug));
    await audit(tx, staff, "withdraw", "guide", slug);
  });
}

/** Shows a withdrawn guide again; its links work again until their day. Throws NotFound, Refused. */
export async function republishGuide(staff: Staff, slug: string): Promise<void> {
  allow(staff, ...keepers);
  await transaction(async (tx) => {
    const guide = await lockGuide(tx, slug);
    if (!guide.withdrawnAt) throw new Refused("この資料は、すでに公開されています。");
    await tx.update(guides).set({ withdrawnAt: null }).where(eq(guides.slug, slug));
    await audit(tx, staff, "republish", "guide", slug);
  });
}

/** The guide's row, which nobody else changes until the transaction ends. */
async function lockGuide(tx: Executor, slug: string) {
  return firstOrNotFound(await tx.select().from(guides).where(eq(guides.slug, slug)).for("update"));
}
