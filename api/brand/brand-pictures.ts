/**
 * The pictures that carry the organisation's name: share picture and icons, drawn when what they show changes, kept in
 * DATA_DIR, and put in the place of the built ones, which are the sample's.
 */

import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { drawPictures, type PictureValues } from "#api/drawings/drawings.ts";
import type { Site } from "#api/pages/site.ts";
import { fileSnapshot } from "#api/pages/snapshot.ts";
import { storedLogo } from "#api/uploads/store-logo.ts";
import { env } from "#db/env.ts";
import { log, traceOf } from "#db/log.ts";
import { brandPalette, pictureVersion } from "#db/settings/brand.ts";
import { settings } from "#db/settings/settings.ts";
import { wordsIn } from "#db/words/words.ts";

/** Path → type. */
const pictureTypes = { "/og.png": "image/png", "/icon.svg": "image/svg+xml", "/icon-180.png": "image/png" } as const;
type PicturePath = keyof typeof pictureTypes;
const picturePaths = Object.keys(pictureTypes) as PicturePath[];

type Pictures = Record<PicturePath, Buffer>;

async function draw(): Promise<Pictures> {
  const { values, name, purpose } = settings();
  const badge = wordsIn("ja").site.sample;
  const logo = values.logo === "" ? undefined : await storedLogo(values.logo);
  const picture: PictureValues = {
    ...{ name: name.ja, sentence: purpose.ja, palette: brandPalette() },
    ...(logo && { logo }),
    ...(badge !== "" && { badge }),
  };
  const { share, icon, icon180 } = await drawPictures(picture);
  return { "/og.png": share, "/icon.svg": Buffer.from(icon), "/icon-180.png": icon180 };
}

const folderOf = (version: string) => join(env.DATA_DIR, "pictures", version);

const readKept = async (version: string): Promise<Pictures> => {
  const files = picturePaths.map(async (path) => [path, await readFile(join(folderOf(version), path))] as const);
  return Object.fromEntries(await Promise.all(files)) as Pictures;
};

/** Written beside and renamed, so that no cut file is ever read. Earlier versions stay: they are small, and settings are taken back. */
async function keep(version: string, pictures: Pictures): Promise<void> {
  const draft = `${folderOf(version)}.${process.pid}`;
  await mkdir(draft, { recursive: true });
  for (const path of picturePaths) await writeFile(join(draft, path), pictures[path]);
  await rename(draft, folderOf(version)).catch(() => rm(draft, { recursive: true, force: true }));
}

/** The built pictures, by site. */
const builtOf = new WeakMap<Site, Map<PicturePath, ReturnType<Site["files"]["get"]>>>();

/**
 * Puts the pictures of the settings in force into the site: those in DATA_DIR or, when `mayDraw`, newly drawn ones, about
 * half a second. Without them, and for the sample, the built ones stay. Never throws: a failure is logged.
 */
export async function showBrandPictures(site: Site, mayDraw: boolean): Promise<void> {
  const built = builtOf.get(site) ?? new Map(picturePaths.map((path) => [path, site.files.get(path)]));
  builtOf.set(site, built);
  const version = pictureVersion();
  try {
    const kept = version === undefined ? undefined : await readKept(version).catch(() => undefined);
    const pictures = kept ?? (version !== undefined && mayDraw ? await draw() : undefined);
    // The settings may have changed while it was drawn: then the next call shows theirs.
    if (version !== pictureVersion()) return;
    for (const path of picturePaths) {
      const snapshot = pictures ? await fileSnapshot(pictures[path], pictureTypes[path], false) : built.get(path);
      if (snapshot && (pictures || version === undefined)) site.files.set(path, snapshot);
    }
    if (version !== undefined && pictures && !kept) await keep(version, pictures);
  } catch (error) {
    log("pictures.not_drawn", traceOf(error));
  }
}
