/**
 * What becomes of a replaced text when a release changes the default beneath it, or a setting changes a value that the
 * text wrote out. Computed whenever it is asked: nothing has to be refreshed.
 */

import { settings } from "#db/settings/settings.ts";
import type { Locale } from "#db/terms/locale.ts";
import { fillPlain, placeholdersIn } from "#db/words/placeholders.ts";
import { defaultTextOf } from "#db/words/sections.ts";

/**
 * same: the default holds. replaced: a text of the organisation's. changed: and the default is no longer the one it
 * replaced. unknown: it names something that does not exist, so the default is served. gone: no page has this
 * section any more, so it is shown nowhere.
 */
export type TextState = "same" | "replaced" | "changed" | "unknown" | "gone";

/** What is known of a replaced text. */
export interface Replaced {
  body: string;
  defaultThen: string;
  seenDefault: string | null;
}

/** Composed letters, one kind of line break, no blanks at the ends of lines: what nobody would call a change. */
const normal = (text: string): string =>
  text
    .normalize("NFC")
    .replaceAll(/\r\n?/gu, "\n")
    .replaceAll(/[^\S\n]+$/gmu, "")
    .trim();

/** Whether two texts differ in more than line breaks and trailing blanks. */
export const isSameText = (one: string, other: string): boolean => normal(one) === normal(other);

/**
 * The default as it is compared: with the values of today, but for the placeholders that the text uses itself. So a text
 * that writes "three years" out is told apart from the default when the years change; one that names them follows by itself.
 */
export function comparedDefault(section: string, locale: Locale, body: string): string | undefined {
  const ours = defaultTextOf(section, locale);
  if (ours === undefined) return undefined;
  const used: readonly string[] = placeholdersIn(body).known;
  return fillPlain(ours, settings(), locale, (name) => !used.includes(name));
}

/** The state of a section in a language; undefined for one that is not there and was never replaced. */
export function stateOf(section: string, locale: Locale, replaced: Replaced | undefined): TextState | undefined {
  const ours = defaultTextOf(section, locale);
  if (replaced === undefined) return ours === undefined ? undefined : "same";
  const now = comparedDefault(section, locale, replaced.body);
  if (now === undefined) return "gone";
  if (placeholdersIn(replaced.body).unknown.length > 0) return "unknown";
  const isKnown = [replaced.defaultThen, replaced.seenDefault].some((then) => then !== null && isSameText(then, now));
  return isKnown ? "replaced" : "changed";
}
