/** The cover of a bundled guide: its own while the sample is shown, afterwards one with the organisation's name. */

import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { drawGuideCover } from "#api/drawings/drawings.ts";
import type { CoverValues } from "#api/drawings/guide-cover.ts";
import { dayOf, formatDate } from "#db/calendar/days.ts";
import { env } from "#db/env.ts";
import { replaceFile } from "#db/files/replace-file.ts";
import { brandPalette } from "#db/settings/brand.ts";
import { settings } from "#db/settings/settings.ts";
import { hoursLabel } from "#db/settings/wording.ts";
import { wordsIn } from "#db/words/words.ts";

interface GuideText {
  title: string;
  summary: string;
  forWhom: string;
  contents: string[];
  publishedAt: Date;
}

function coverOf({ title, summary, forWhom, contents, publishedAt }: GuideText): CoverValues {
  const organisation = settings();
  const { invented } = wordsIn("ja").site;
  const call = organisation.phone === "" ? "" : `　${organisation.phone}（${hoursLabel("ja", organisation)}）`;
  return {
    ...{ title, summary, contents, readers: `読んでいただきたい方: ${forWhom}`, palette: brandPalette() },
    footer: [
      organisation.legalName.ja + call,
      `${formatDate(dayOf(publishedAt))} 更新`,
      "この冊子は一般的な説明です。治療のことは主治医に、制度の対象や手続きは窓口で確かめてください。",
    ],
    ...(invented !== "" && { notice: invented }),
  };
}

/**
 * The PDF of a bundled guide as this organisation hands it out. A cover takes a second to draw: it is kept in DATA_DIR
 * under a hash of what it shows.
 */
export async function withOwnCover(bundled: Buffer, text: GuideText): Promise<Buffer> {
  const { stage, given } = settings();
  if (stage === "sample" && given["name.ja"] === undefined) return bundled;
  const cover = coverOf(text);
  const hash = createHash("sha256").update(bundled).update(JSON.stringify(cover)).digest("hex");
  const folder = join(env.DATA_DIR, "guides", "covers");
  const path = join(folder, `${hash}.pdf`);
  const kept = await readFile(path).catch(() => undefined);
  if (kept) return kept;
  const drawn = await drawGuideCover(cover, bundled);
  await mkdir(folder, { recursive: true });
  await replaceFile(path, drawn);
  return drawn;
}
