/** The bytes of pictures: in memory up to 32 MB and, of those that hang on no consent, on disk for when the database is away. */

import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { and, eq } from "drizzle-orm";
import { published, type PublishedPicture } from "#api/published/published.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { replaceFile } from "#db/files/replace-file.ts";
import { log, traceOf } from "#db/log.ts";
import { isId } from "#db/random/ids.ts";
import { pictureFiles, pictures } from "#db/schema/content.ts";
import { pictureFileName, type PictureType } from "#db/terms/picture-files.ts";
import { isNewsletterPicture } from "#emails/markdown/material.ts";

// Pages and the room's own files have it from here.
export { pictureFileName as fileName } from "#db/terms/picture-files.ts";

export interface PictureBytes {
  content: Buffer;
  type: PictureType;
}

const mostBytes = 32 * 1024 * 1024;
/** By address, the one used last at the end. */
const memory = new Map<string, PictureBytes>();
let bytesInMemory = 0;

function remember(key: string, bytes: PictureBytes): PictureBytes {
  if (!memory.has(key)) bytesInMemory += bytes.content.length;
  memory.set(key, bytes);
  for (const [oldest, { content }] of memory) {
    if (bytesInMemory <= mostBytes) break;
    memory.delete(oldest);
    bytesInMemory -= content.length;
  }
  return bytes;
}

/** A file of a picture by its name; undefined where the picture has none of that name. Throws while the database is away, where no copy is at hand. */
export async function pictureBytes(pictureId: string, name: string): Promise<PictureBytes | undefined> {
  const key = `${pictureId}/${name}`;
  const known = memory.get(key);
  if (known) {
    memory.delete(key);
    memory.set(key, known);
    return known;
  }
  const found = (await readCopy(pictureId, name)) ?? (await readRow(pictureId, name));
  return found && remember(key, found);
}

async function readRow(pictureId: string, name: string): Promise<PictureBytes | undefined> {
  if (!isId(pictureId)) return undefined;
  const rows = await db
    .select({ sha256: pictureFiles.sha256, variant: pictureFiles.variant, type: pictureFiles.type })
    .from(pictureFiles)
    .where(eq(pictureFiles.pictureId, pictureId));
  const file = rows.find((row) => pictureFileName(row) === name);
  if (!file) return undefined;
  const { variant, type } = file;
  const [row] = await db
    .select({ content: pictureFiles.content, needsConsent: pictures.needsConsent })
    .from(pictureFiles)
    .innerJoin(pictures, eq(pictures.id, pictureFiles.pictureId))
    .where(and(eq(pictureFiles.pictureId, pictureId), eq(pictureFiles.variant, variant), eq(pictureFiles.type, type)));
  if (!row) return undefined;
  // What hangs on a consent is never on disk: nothing there would know when it ends.
  if (!row.needsConsent)
    await writeCopy(pictureId, name, row.content).catch((error: unknown) => log("picture.not_saved", traceOf(error)));
  return { content: row.content, type };
}

const folderOf = (pictureId: string) => join(env.DATA_DIR, "picture-files", pictureId);

async function writeCopy(pictureId: string, name: string, bytes: Buffer): Promise<void> {
  await mkdir(folderOf(pictureId), { recursive: true, mode: 0o700 });
  await replaceFile(join(folderOf(pictureId), name), bytes);
}

/** Deletes the copies of a picture that is public no more, in memory and on this machine's disk. */
export async function forgetPicture(pictureId: string): Promise<void> {
  if (!isId(pictureId)) return;
  for (const [key, { content }] of memory)
    if (key.startsWith(`${pictureId}/`)) {
      memory.delete(key);
      bytesInMemory -= content.length;
    }
  await rm(folderOf(pictureId), { recursive: true, force: true }).catch((error: unknown) =>
    log("picture.not_deleted", traceOf(error)),
  );
}

/** Names are our own: anything else is no file. */
async function readCopy(pictureId: string, name: string): Promise<PictureBytes | undefined> {
  if (!isId(pictureId) || !/^[\da-f]{12}-(?:small|large|master)\.(?:webp|jpg)$/u.test(name)) return undefined;
  const content = await readFile(join(folderOf(pictureId), name)).catch(() => undefined);
  return content && { content, type: name.endsWith(".webp") ? "image/webp" : "image/jpeg" };
}

/** A picture that an entry shows now or will, with this file; undefined for every other. */
export function publishedFile(pictureId: string, name: string): PublishedPicture | undefined {
  const picture = Object.hasOwn(published().pictures, pictureId) ? published().pictures[pictureId] : undefined;
  return picture?.files.some((file) => pictureFileName(file) === name) ? picture : undefined;
}

/** Whether there is, or was, such a picture. */
export async function isKnownPicture(pictureId: string): Promise<boolean> {
  if (!isId(pictureId)) return false;
  const [row] = await db.select({ id: pictures.id }).from(pictures).where(eq(pictures.id, pictureId));
  return row !== undefined;
}

/** The files of a picture, without their content. */
export const filesOf = (pictureId: string) =>
  db
    .select({
      variant: pictureFiles.variant,
      type: pictureFiles.type,
      width: pictureFiles.width,
      height: pictureFiles.height,
      sha256: pictureFiles.sha256,
    })
    .from(pictureFiles)
    .where(eq(pictureFiles.pictureId, pictureId));

/** Pictures that were found to be the newsletter's, for when the database is away. */
const knownOfNewsletters = new Set<string>();

/**
 * Whether a picture was uploaded for the newsletter. Mail programs load it without a session, those of a draft's test mails too, so
 * it is given to whoever has its address, which nobody guesses.
 */
export async function isOfNewsletter(pictureId: string): Promise<boolean> {
  if (!isId(pictureId)) return false;
  try {
    const [row] = await db
      .select({ id: pictures.id })
      .from(pictures)
      .where(and(eq(pictures.id, pictureId), isNewsletterPicture));
    if (row) knownOfNewsletters.add(pictureId);
    else knownOfNewsletters.delete(pictureId);
    return row !== undefined;
  } catch (error) {
    if (knownOfNewsletters.has(pictureId)) return true;
    throw error;
  }
}
