/** The store of PDFs and preview pictures: DATA_DIR/guides, never a public folder, each file named by the hash of its content. */

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { maxMegabytes } from "#api/http/uploads.ts";
import { env } from "#db/env.ts";
import { Invalid } from "#db/errors.ts";
import { replaceFile } from "#db/files/replace-file.ts";
import { type ExaminedPdf, examinePdf, type Picture, UnusablePdf } from "./pdf.ts";

/** A file as a row of guide_versions holds it. */
export interface StoredPdf {
  /** File name of the download. */
  fileName: string;
  storedAs: string;
  bytes: number;
  pages: number;
  preview: string;
}

const store = join(env.DATA_DIR, "guides");
const hashOf = (content: Buffer) => createHash("sha256").update(content).digest("hex");

/** The name a content has in the store. */
export const nameOf = (content: Buffer): string => `${hashOf(content)}.pdf`;

export const isGuideStored = (name: string): boolean => existsSync(join(store, name));

/** A file of the store. Throws the error of the file system. */
export const readStored = (name: string): Promise<Buffer> => readFile(join(store, name));

/** Writes a file atomically, unless it is there already; readable for this system user alone. */
async function saveFile(name: string, content: Buffer): Promise<void> {
  if (isGuideStored(name)) return;
  await mkdir(store, { recursive: true, mode: 0o700 });
  await replaceFile(join(store, name), content);
}

/** Stores a PDF without examining it, for one whose pages are known. */
export const savePdf = (content: Buffer): Promise<void> => saveFile(nameOf(content), content);

/** Stores a picture. Its name contains the size, so that a page can reserve the space before the picture is loaded. */
async function savePicture({ content, width, height }: Picture): Promise<string> {
  const name = `${hashOf(content)}-${width}x${height}.webp`;
  await saveFile(name, content);
  return name;
}

/** Pixels of a picture in the store. */
export function sizeOf(preview: string): { width: number; height: number } {
  const [, width = 0, height = 0] = /-(\d+)x(\d+)\.webp$/u.exec(preview)?.map(Number) ?? [];
  return { width, height };
}

/** Examines a PDF and stores it, with the picture of its first page. Throws UnusablePdf. */
export async function storePdf(content: Buffer, fileName: string): Promise<StoredPdf> {
  return storeExamined(content, fileName, await examinePdf(content));
}

/** Stores a PDF whose pages and picture are known. */
export async function storeExamined(content: Buffer, fileName: string, examined: ExaminedPdf): Promise<StoredPdf> {
  const preview = await savePicture(examined.picture);
  await savePdf(content);
  return { fileName, storedAs: nameOf(content), bytes: content.length, pages: examined.pages, preview };
}

/** Stores a file that was uploaded in a form. Throws Invalid, at the field `file`, with the reason. */
export async function acceptUpload(file: File): Promise<StoredPdf> {
  if (file.size > maxMegabytes * 1024 * 1024)
    throw new Invalid({
      file: `ファイルが大きすぎます（${Math.ceil(file.size / 1024 / 1024)} MB）。${maxMegabytes} MB までにしてください。`,
    });
  try {
    return await storePdf(Buffer.from(await file.arrayBuffer()), safeName(file.name));
  } catch (error) {
    if (error instanceof UnusablePdf) throw new Invalid({ file: error.message });
    throw error;
  }
}

/** A file name that every device can save: no folders, no control characters, not longer than file systems allow. */
function safeName(name: string): string {
  const bare = name
    .toWellFormed()
    .normalize("NFC")
    .replace(/^.*[/\\]/su, "")
    .replace(/[\p{Cc}\p{Cf}<>:"|?*\uFFFD]/gu, "")
    .replace(/\.pdf$/iu, "")
    .replace(/^[.\s]+|[.\s]+$/gu, "");
  return `${[...bare].slice(0, 60).join("") || "資料"}.pdf`;
}
