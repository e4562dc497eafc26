/** The printed support book, kept in DATA_DIR as long as what it shows stays the same. */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { variants } from "#api/booklet/parts.ts";
import { env } from "#db/env.ts";
import { NotFound } from "#db/errors.ts";
import { log, traceOf } from "#db/log.ts";
import { oncePerSettings } from "#db/settings/settings.ts";
import { bookName, books, editionNames, editions, editionPictureName } from "./book.ts";
import { ownValues, printOwn } from "./print-own.ts";

/** File name → the name under which it is saved; pictures are not saved. */
const savedNames = new Map([
  ...books.map(({ edition, variant }): [string, string] => [
    bookName(edition, variant),
    `サポートブック_${editions[edition].title}_${variants[variant]}.pdf`,
  ]),
  ...editionNames.map((edition): [string, string] => [editionPictureName(edition), ""]),
]);

const sources = ["./", "../booklet/"].map((folder) => fileURLToPath(new URL(folder, import.meta.url)));

/** A hash of our own code: a release with other sections prints the book anew. */
let codeHash: string | undefined;
function hashOfCode(): string {
  if (codeHash !== undefined) return codeHash;
  const hash = createHash("sha256");
  for (const folder of sources)
    for (const name of readdirSync(folder).toSorted()) hash.update(name).update(readFileSync(join(folder, name)));
  return (codeHash = hash.digest("hex"));
}

/** The version of the files, which stands in their addresses. */
export const bookVersion = oncePerSettings<void, string>(() =>
  createHash("sha256").update(hashOfCode()).update(JSON.stringify(ownValues())).digest("hex").slice(0, 12),
);

const folder = () => join(env.DATA_DIR, "support-book");

/** Versions that are being printed: whoever asks meanwhile waits for the same ones. */
const printing = new Map<string, Promise<void>>();

/** Written beside and renamed, so that no cut file is ever read; what was printed before is removed. */
async function printVersion(version: string): Promise<void> {
  const printed = await printOwn(ownValues());
  const draft = join(folder(), `${version}.${process.pid}`);
  await mkdir(draft, { recursive: true, mode: 0o700 });
  for (const [name, content] of printed) await writeFile(join(draft, name), content);
  await rename(draft, join(folder(), version)).catch(() => rm(draft, { recursive: true, force: true }));
  for (const name of await readdir(folder()))
    if (name !== version) await rm(join(folder(), name), { recursive: true, force: true });
}

const isPrinted = (version: string): Promise<boolean> =>
  readFile(join(folder(), version, editionPictureName("emergency"))).then(
    () => true,
    () => false,
  );

/** Prints the book of the settings in force where it is not there yet. Throws when that fails. */
async function ensurePrinted(): Promise<string> {
  const version = bookVersion();
  if (await isPrinted(version)) return version;
  const underWay = printing.get(version) ?? printVersion(version).finally(() => printing.delete(version));
  printing.set(version, underWay);
  await underWay;
  return version;
}

/** The same beforehand, soon after the start and when the settings change. A failure is logged: whoever asks for a file tries again. */
export async function prepareSupportBook(): Promise<void> {
  await ensurePrinted().catch((error: unknown) => log("support_book.not_printed", traceOf(error)));
}

export interface BookFile {
  content: Buffer;
  /** The name under which it is saved; "" for a picture. */
  fileName: string;
  version: string;
}

/** One of the PDFs or pictures as it is now; printed first where need be. Throws NotFound. */
export async function openBookFile(name: string): Promise<BookFile> {
  const fileName = savedNames.get(name);
  if (fileName === undefined) throw new NotFound("no such edition");
  const version = await ensurePrinted();
  return { content: await readFile(join(folder(), version, name)), fileName, version };
}
