/** What tests read out of a page's HTML. */

import type { Locale } from "#db/terms/locale.ts";

/** Attributes of each element of these names, in order. */
export function elements(html: string, ...names: string[]): Record<string, string>[] {
  const tags = html.matchAll(new RegExp(`<(?:${names.join("|")})\\b([^>]*)>`, "gu"));
  return [...tags].map(([, inside = ""]) =>
    Object.fromEntries(
      [...inside.matchAll(/([\w-]+)(?:="([^"]*)")?/gu)].map(([, name = "", value = ""]) => [name, value]),
    ),
  );
}

/** The page without the readings over its words. */
export const withoutReadings = (html: string) => html.replaceAll(/<rp>.*?<\/rp>|<rt\b.*?<\/rt>|<\/?ruby>/gu, "");

/**
 * What is read, with "|" wherever a block, a control or a picture ends a run of text. The manual that is folded behind
 * the 「?」 of a staff page is left out: it speaks of what may stand on the page.
 */
export const words = (html: string) =>
  withoutReadings(html)
    .replace(/^.*<body[^>]*>/su, "")
    .replace(/<details class="manual".*?<\/details>/su, "")
    .replaceAll(/<\/?(?:a|strong|span|small|time|em|b|wbr)\b[^>]*>/gu, "")
    .replaceAll(/<[^>]+>/gu, "|");

const japanese = "[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}ー、。「」（）]";

/** Gaps that a line break in a template opened between two Japanese characters. */
export const gaps = (html: string) =>
  [...words(html).matchAll(new RegExp(`[^|]{0,8}${japanese}\\s+${japanese}[^|]{0,8}`, "gsu"))].map(([gap]) => gap);

/** Controls a person can fill in that no label names. */
export const unlabelled = (html: string) =>
  elements(html, "input", "select", "textarea")
    .filter(({ type }) => type !== "hidden")
    .filter(({ id }) => !elements(html, "label").some((label) => id !== undefined && label["for"] === id));

/** Addresses of other hosts that the page itself would load or send to; a link to click is not one. */
export const foreign = (html: string) =>
  elements(
    html.replaceAll(/<link rel="(?:canonical|alternate)"[^>]*>/gu, ""),
    "link",
    "img",
    "script",
    "iframe",
    "form",
    "source",
    "video",
  )
    .flatMap((tag) => [tag["href"], tag["src"], tag["srcset"], tag["action"]])
    .filter((address) => address !== undefined && /^(?:[a-z]+:)?\/\//u.test(address));

/** The language a page is written in, by its path. */
export const localeOf = (path: string): Locale =>
  /^\/en(?:\/|$)/u.test(path) ? "en" : /^\/easy(?:\/|$)/u.test(path) ? "easy" : "ja";
