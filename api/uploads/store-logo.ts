/** Logos as they are stored: pixels of our own, each only once. */

import { eq } from "drizzle-orm";
import type { Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { Invalid } from "#db/errors.ts";
import { isId, newId } from "#db/random/ids.ts";
import { logos } from "#db/schema/logos.ts";
import { readLogo, UnusablePicture } from "./logo.ts";

/**
 * Stores the logo in this file, without showing it. Returns its id, that of an equal one where there is one. Throws
 * Invalid at `file` with a sentence for what cannot be a logo.
 */
export async function storeLogo(content: Buffer, by: Pick<Staff, "id"> | null, now: Date): Promise<string> {
  const { master } = await readLogo(content).catch((error: unknown) => {
    throw error instanceof UnusablePicture ? new Invalid({ file: error.message }) : error;
  });
  const [same] = await db.select({ id: logos.id }).from(logos).where(eq(logos.content, master.content));
  if (same) return same.id;
  const id = newId();
  const { width, height } = master;
  const uploaded = { uploadedBy: by?.id ?? null, uploadedAt: now };
  await db.insert(logos).values({ id, content: master.content, width, height, ...uploaded });
  return id;
}

/** The PNG of a stored logo; undefined where there is none of this id. */
export async function storedLogo(id: string): Promise<Buffer | undefined> {
  const [row] = isId(id) ? await db.select().from(logos).where(eq(logos.id, id)) : [];
  return row?.content;
}
