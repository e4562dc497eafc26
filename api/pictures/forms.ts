/** What staff send about pictures. */

import { z } from "zod";
import { text, version } from "#api/forms/fields.ts";
import { codes } from "#db/terms/codes.ts";
import { focalPoint } from "#db/terms/content.ts";
import { pictureWords } from "#db/words/staff/pictures.ts";

const alt = () =>
  text(200, pictureWords.altLong)
    .transform((value) => value.trim())
    .default("");

const description = {
  "alt.ja": alt(),
  "alt.easy": alt(),
  "alt.en": alt(),
  focal_point: z.enum(codes(focalPoint), { error: pictureWords.focalPoint }).default("centre"),
};

export const UploadForm = z.strictObject({
  file: z.instanceof(File, { error: pictureWords.noFile }).refine(({ size }) => size > 0, pictureWords.noFile),
  facts_version: version,
  ...description,
});

export const DescribeForm = z.strictObject({ version, ...description });

export const DrawingForm = z.strictObject({ facts_version: version, drawing: z.string().max(40).default("") });

/** The alternative texts of a form, by language; empty ones left out. */
export const altTexts = (form: { "alt.ja": string; "alt.easy": string; "alt.en": string }) =>
  Object.fromEntries(
    Object.entries({ ja: form["alt.ja"], easy: form["alt.easy"], en: form["alt.en"] }).filter(
      ([, value]) => value !== "",
    ),
  );
