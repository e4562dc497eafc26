/**
 * Words of consent are versions: a form carries the id of those it showed, and those are stored. Settings or a release
 * may change them while a form stands open for hours; to store today's words would falsify the proof.
 */

import { createHash } from "node:crypto";
import { and, eq, isNotNull, isNull, notInArray } from "drizzle-orm";
import { db, type Executor, transaction } from "#db/client.ts";
import { Invalid } from "#db/errors.ts";
import { consentTexts } from "#db/schema/mail.ts";
import { codes } from "#db/terms/codes.ts";
import { type Locale, locale as locales } from "#db/terms/locale.ts";
import { type Words, wordsIn } from "#db/words/words.ts";

/** Which words: of which form or box. */
export type ConsentKind = keyof Words["consents"];

/** Hours for which words that were replaced may still be agreed to, by a form that showed them. */
const hoursAfter = 24;

const versionOf = (body: string) => createHash("sha256").update(body).digest("base64url").slice(0, 16);

/** The id of the words that a form shows now; it is a hash of them, so equal words have one id. */
export const consentVersion = (kind: ConsentKind, locale: Locale): string => versionOf(wordsIn(locale).consents[kind]);

/**
 * The words that somebody agreed to, to be stored: those of this version, or today's where a program names none. Throws
 * Invalid for `field` when the version is unknown, is of another form, or was replaced more than 24 hours ago.
 */
export async function agreedWords(
  kind: ConsentKind,
  locale: Locale,
  shown: { version: string | undefined; now: Date; field?: string },
): Promise<string> {
  const current = wordsIn(locale).consents[kind];
  if (shown.version === undefined || shown.version === versionOf(current)) return current;
  const [row] = await db
    .select()
    .from(consentTexts)
    .where(and(eq(consentTexts.version, shown.version), eq(consentTexts.kind, kind)));
  const latest = shown.now.getTime() - hoursAfter * 3_600_000;
  if (row && (row.replacedAt === null || row.replacedAt.getTime() > latest)) return row.body;
  throw new Invalid({ [shown.field ?? "consent"]: wordsIn(locale).errors.consentChanged });
}

/**
 * Notes which words are shown from now on, and which no more. Every process does it at its start and after a change of
 * the settings, before any page of it shows them.
 */
export async function noteConsents(now = new Date()): Promise<void> {
  const inJapanese = wordsIn("ja").consents;
  const current = codes(locales).flatMap((locale) =>
    (Object.entries(wordsIn(locale).consents) as [ConsentKind, string][])
      .filter(([kind, body]) => locale === "ja" || body !== inJapanese[kind])
      .map(([kind, body]) => ({ kind, locale, body, version: versionOf(body) })),
  );
  await transaction(async (tx) => {
    for (const words of current) await noteWords(tx, words, now);
    const versions = current.map(({ version }) => version);
    const isReplaced = and(isNotNull(consentTexts.version), notInArray(consentTexts.version, versions));
    await tx
      .update(consentTexts)
      .set({ replacedAt: now })
      .where(and(isReplaced, isNull(consentTexts.replacedAt)));
  });
}

/** Words that are shown again after they were replaced are as good as new. */
async function noteWords(
  tx: Executor,
  words: { kind: ConsentKind; locale: Locale; body: string; version: string },
  now: Date,
): Promise<void> {
  const { kind, locale, version } = words;
  await tx
    .insert(consentTexts)
    .values({ ...words, createdAt: now })
    .onConflictDoUpdate({ target: consentTexts.body, set: { kind, locale, version, replacedAt: null } });
}
