/**
 * Reads what is published into this process, again whenever it changes (NOTIFY) and whenever the connection was lost, in
 * which a change may have been missed. The last good copy lies in DATA_DIR, for a start without a database.
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { and, getTableColumns, gte, inArray, isNull } from "drizzle-orm";
import { dayOf } from "#db/calendar/days.ts";
import { db, listen } from "#db/client.ts";
import { env } from "#db/env.ts";
import { replaceFile } from "#db/files/replace-file.ts";
import { log, traceOf } from "#db/log.ts";
import { type PublishedText, readPublishedTexts } from "#db/published/texts.ts";
import { pictureConsents, pictureFiles, pictures } from "#db/schema/content.ts";
import { pictureIdIn } from "#db/terms/content-fields.ts";
import { type Published, type PublishedPicture, replacePublished } from "./published.ts";

const channel = "content_changed";
const copyPath = join(env.DATA_DIR, "content.json");

/** The pictures of these entries. */
async function readPictures(texts: readonly PublishedText[], now: Date): Promise<Record<string, PublishedPicture>> {
  const ids = [...new Set(texts.flatMap(({ facts }) => pictureIdIn(facts) ?? []))];
  if (ids.length === 0) return {};
  const { id, needsConsent, focalPoint, alt } = pictures;
  const rows = await db
    .select({ id, needsConsent, focalPoint, alt })
    .from(pictures)
    .where(and(inArray(id, ids), isNull(pictures.removedAt)));
  const { content: _content, ...columns } = getTableColumns(pictureFiles);
  const files = await db
    .select(columns)
    .from(pictureFiles)
    .where(inArray(pictureFiles.pictureId, ids))
    .orderBy(pictureFiles.pictureId, pictureFiles.type, pictureFiles.variant);
  const consents = await db
    .select()
    .from(pictureConsents)
    .where(and(inArray(pictureConsents.pictureId, ids), gte(pictureConsents.lastDay, dayOf(now))));
  const own = <T extends { pictureId: string }>(list: T[], picture: string) =>
    list.filter((one) => one.pictureId === picture);
  return Object.fromEntries(
    rows.map((picture) => [
      picture.id,
      {
        ...picture,
        files: own(files, picture.id).map(({ variant, type, width, height, sha256 }) => ({
          variant,
          type,
          width,
          height,
          sha256,
        })),
        lastDays: Object.fromEntries(own(consents, picture.id).map(({ contentId, lastDay }) => [contentId, lastDay])),
      },
    ]),
  );
}

/** The reads after each other, so that an older answer never replaces a newer one. */
let reading = Promise.resolve();

/** Puts what the database has published in force in this process. */
export function loadPublished(now = new Date()): Promise<void> {
  const load = async () => {
    // Committed in between: its NOTIFY reads once more.
    const texts = await readPublishedTexts(now);
    const next: Published = { texts, pictures: await readPictures(texts, now) };
    replacePublished(next);
    await saveCopy(next).catch((error: unknown) => log("content.not_saved", traceOf(error)));
  };
  const loading = reading.then(load);
  reading = loading.catch(() => {});
  return loading;
}

/**
 * Loads what is published and follows its changes until the returned function is called. The callback runs after each
 * change is in force.
 */
export async function followPublished(onChange: () => void): Promise<() => Promise<void>> {
  const reload = () =>
    void loadPublished()
      .then(onChange)
      .catch((error: unknown) => log("content.not_read", traceOf(error)));
  await loadPublished();
  return listen(channel, reload, reload);
}

async function saveCopy(published: Published): Promise<void> {
  await replaceFile(copyPath, JSON.stringify(published));
}

/** Puts the last good copy in force, if there is one, until the database is open. */
export async function readPublishedCopy(): Promise<void> {
  try {
    const copy = JSON.parse(await readFile(copyPath, "utf8")) as Published;
    if (Array.isArray(copy.texts)) replacePublished(copy);
  } catch {
    // None yet, or cut short by a crash: the database has it.
  }
}
