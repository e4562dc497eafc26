/** What staff change about guides: add, edit, publish a new version, withdraw, republish. */

import { eq } from "drizzle-orm";
import { updateListEntry } from "#api/content/guide-entry.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { type Executor, db, transaction } from "#db/client.ts";
import { Invalid, firstOrNotFound, Refused } from "#db/errors.ts";
import { pooledRandomBytes } from "#db/random/bytes.ts";
import { guides, guideVersions } from "#db/schema/guides.ts";
import { acceptUpload } from "./files.ts";
import type { GuideWords, NewGuide } from "./forms.ts";
import { guideRoles } from "./staff-guides.ts";
import { newestOf } from "./versions.ts";

/** Publishes a new guide and returns its slug. Throws Invalid for a file that cannot be used or a slug that is taken. */
export async function addGuide(staff: Staff, { file, slug = generatedSlug(), ...words }: NewGuide): Promise<string> {
  allow(staff, ...guideRoles);
  const [existing] = await db.select().from(guides).where(eq(guides.slug, slug));
  if (existing) throw new Invalid({ slug: slugTakenError });
  const stored = await acceptUpload(file);
  await transaction(async (tx) => {
    const added = await tx
      .insert(guides)
      .values({ slug, ...words })
      .onConflictDoNothing()
      .returning();
    if (added.length === 0) throw new Invalid({ slug: slugTakenError });
    await tx.insert(guideVersions).values({ guideSlug: slug, version: 1, ...stored, uploadedBy: staff.id });
    await updateListEntry(tx, slug, staff);
    await audit(tx, staff, "add", "guide", slug, { bytes: stored.bytes, pages: stored.pages });
  });
  return slug;
}

const slugTakenError = "このアドレスは、ほかの資料で使っています。別のものにしてください。";
const generatedSlug = () => `guide-${pooledRandomBytes(5).toString("hex")}`;

/** Changes title, summary and contents of a guide. Throws NotFound. */
export async function editGuide(staff: Staff, slug: string, words: GuideWords): Promise<void> {
  allow(staff, ...guideRoles);
  await transaction(async (tx) => {
    firstOrNotFound(await tx.update(guides).set(words).where(eq(guides.slug, slug)).returning());
    await updateListEntry(tx, slug, staff);
    await audit(tx, staff, "edit", "guide", slug);
  });
}

/** Publishes a file as the newest version; download links given earlier open it from now on. Throws NotFound, Invalid. */
export async function publishVersion(staff: Staff, slug: string, file: File): Promise<void> {
  allow(staff, ...guideRoles);
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

/** Withdraws a guide from the site; download links given earlier are answered with 410. Throws NotFound, Refused. */
export async function withdrawGuide(staff: Staff, slug: string, now = new Date()): Promise<void> {
  allow(staff, ...guideRoles);
  await transaction(async (tx) => {
    const guide = await lockGuide(tx, slug);
    if (guide.withdrawnAt) throw new Refused("この資料は、すでに公開を終えています。");
    await tx.update(guides).set({ withdrawnAt: now }).where(eq(guides.slug, slug));
    await updateListEntry(tx, slug, staff);
    await audit(tx, staff, "withdraw", "guide", slug);
  });
}

/** Publishes a withdrawn guide again; its download links work again until they expire. Throws NotFound, Refused. */
export async function republishGuide(staff: Staff, slug: string): Promise<void> {
  allow(staff, ...guideRoles);
  await transaction(async (tx) => {
    const guide = await lockGuide(tx, slug);
    if (!guide.withdrawnAt) throw new Refused("この資料は、すでに公開されています。");
    await tx.update(guides).set({ withdrawnAt: null }).where(eq(guides.slug, slug));
    await updateListEntry(tx, slug, staff);
    await audit(tx, staff, "republish", "guide", slug);
  });
}

/** The guide's row, locked until the transaction ends. */
async function lockGuide(tx: Executor, slug: string) {
  return firstOrNotFound(await tx.select().from(guides).where(eq(guides.slug, slug)).for("update"));
}
