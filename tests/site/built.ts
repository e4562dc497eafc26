/** The built public pages as people receive them; the site must have been built before. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Locale } from "#db/terms/locale.ts";

const client = fileURLToPath(new URL("../../dist/client", import.meta.url));
if (!existsSync(client)) throw new Error("The site is not built: run astro build before these tests.");

const built = readdirSync(client, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".html"))
  .map((file): [string, string] => [
    `/${file.replace(/(?:^|\/)?(?:index)?\.html$/u, "")}`,
    readFileSync(join(client, file), "utf8"),
  ]);

/** Path as in the address bar → HTML. */
export const pages = new Map(built.filter(([path]) => !path.endsWith(".furigana")));

/** The same → HTML of its furigana view. */
export const furigana = new Map(
  built
    .filter(([path]) => path.endsWith(".furigana"))
    .map(([path, html]) => [path.replace(/(?:index)?\.furigana$/u, ""), html]),
);

/** Every file that can be fetched as it is, pages included. */
export const paths = new Set([
  ...pages.keys(),
  ...readdirSync(client, { recursive: true, encoding: "utf8" }).map((file) => `/${file}`),
]);

/** Attributes of each element of these names, in order. */
export function elements(html: string, ...names: string[]): Record<string, string>[] {
  const tags = html.matchAll(new RegExp(`<(?:${names.join("|")})\\b([^>]*)>`, "gu"));
  return [...tags].map(([, inside = ""]) =>
    Object.fromEntries(
      [...inside.matchAll(/([\w-]+)(?:="([^"]*)")?/gu)].map(([, name = "", value = ""]) => [name, value]),
    ),
  );
}

/** What is read, with "|" wherever a block, a control or a picture ends a run of text. */
export const words = (html: string) =>
  html
    .replace(/^.*<body[^>]*>/su, "")
    .replaceAll(/<\/?(?:a|strong|span|time|em|b)\b[^>]*>/gu, "")
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

/** Rendered per request, so not among the built files. */
const rendered = [
  ...["/newsletter", "/newsletter/feed.xml", "/guides", "/guides/learning-in-hospital"],
  ...["/guides/welcoming-a-child-with-illness", "/consultation/check"],
  ...["", "/easy", "/en"].map((prefix) => `${prefix}/consultation/return`),
];

/** Links and forms that lead nowhere, fragments too. */
export function broken(html: string): string[] {
  const known = new Set([...paths, ...rendered]);
  const links = elements(
    html.replaceAll(/<link rel="(?:canonical|alternate)"[^>]*>/gu, ""),
    "a",
    "link",
    "img",
    "form",
  ).map((tag) => tag["href"] ?? tag["src"] ?? tag["action"] ?? "");
  return links.filter((link) => {
    if (link.endsWith("?furigana") || /^\/guides\/[\w-]+\/preview\.webp/u.test(link)) return false;
    if (/^(?:tel:|https:\/\/(?:line|video)\.example\.jp\/)/u.test(link)) return false;
    const [target = "", fragment] = link.split("#") as [string, string?];
    if (fragment !== undefined && target === "") return !html.includes(`id="${fragment}"`);
    return !known.has(target.replace(/\?.*$/u, ""));
  });
}

/** The language a page is written in, by its path. */
export const localeOf = (path: string): Locale =>
  /^\/en(?:\/|$)/u.test(path) ? "en" : /^\/easy(?:\/|$)/u.test(path) ? "easy" : "ja";
