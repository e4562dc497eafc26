/** The replaced texts as a part of the settings' file, so that one file holds all that makes the pages an organisation's own. */

import { z } from "zod";
import type { Staff } from "#db/actor.ts";
import { db, type Transaction } from "#db/client.ts";
import { Invalid } from "#db/errors.ts";
import { textOverrides } from "#db/schema/texts.ts";
import { replacedTextKey } from "#db/settings/settings.ts";
import { codes } from "#db/terms/codes.ts";
import { locale as locales } from "#db/terms/locale.ts";
import { defaultTextOf, findSection } from "#db/words/sections.ts";
import { textWords } from "#db/words/staff/texts.ts";
import { writeImported } from "./change.ts";
import { checkText } from "./check.ts";

const TextInFile = z.strictObject({
  body: z.string().max(10_000),
  default_then: z.string().max(20_000),
  default_then_release: z.string().max(40),
  seen_default: z.string().max(20_000).nullable(),
});

/** By section and language ("landing-lead/ja"): the text, and the default it replaced. */
type TextsInFile = Record<string, z.output<typeof TextInFile>>;

/** Every replaced text, those of sections that are gone as well. */
export async function exportTexts(): Promise<TextsInFile> {
  const rows = await db.select().from(textOverrides).orderBy(textOverrides.section, textOverrides.locale);
  return Object.fromEntries(
    rows.map((row) => [
      replacedTextKey(row.section, row.locale),
      {
        body: row.body,
        default_then: row.defaultThen,
        default_then_release: row.defaultThenRelease,
        seen_default: row.seenDefault,
      },
    ]),
  );
}

/**
 * What a file says, checked. A text of a section that this release does not have is taken as it is: it is shown nowhere.
 * Throws Invalid, by `texts.<section>/<language>`, for what may not be.
 */
export function checkTextsInFile(file: unknown): TextsInFile {
  const parsed = z.record(z.string().regex(/^[a-z0-9-]{1,60}\/[a-z]{2,4}$/u), TextInFile).safeParse(file);
  if (!parsed.success) throw new Invalid({ texts: textWords.notInFile });
  const errors: Record<string, string> = {};
  for (const [key, { body }] of Object.entries(parsed.data)) {
    const { section, locale } = placeOf(key);
    const kind = findSection(section)?.kind;
    if (locale === undefined) errors[`texts.${key}`] = textWords.notInFile;
    else if (kind !== undefined && defaultTextOf(section, locale) !== undefined)
      try {
        checkText(kind, body);
      } catch (error) {
        if (!(error instanceof Invalid)) throw error;
        errors[`texts.${key}`] = `${key}: ${Object.values(error.errors).join("")}`;
      }
  }
  if (Object.keys(errors).length > 0) throw new Invalid(errors);
  return parsed.data;
}

function placeOf(key: string) {
  const [section = "", code] = key.split("/");
  return { section, locale: codes(locales).find((one) => one === code) };
}

/**
 * Writes checked texts, inside a transaction that holds the lock of the settings; a text that the file does not name
 * stays. `staff` is null for a command.
 */
export async function importTexts(
  tx: Transaction,
  staff: Pick<Staff, "id"> | null,
  texts: TextsInFile,
  now: Date,
): Promise<void> {
  for (const [key, text] of Object.entries(texts)) {
    const { section, locale } = placeOf(key);
    if (locale !== undefined) await writeImported(tx, staff, { section, locale, version: 0 }, text, now);
  }
}
