/** The stored public pages as everybody receives them, but for form keys; the site must have been built before. */

import { installStarter } from "#api/content-files/install.ts";
import { installBundledGuides } from "#api/guides/install-bundled.ts";
import { headlineKeys } from "#api/pages/keys.ts";
import { loadSite } from "#api/pages/site.ts";
import { loadPublished } from "#api/published/store.ts";
import { elements } from "./html.ts";

await installBundledGuides();
await installStarter();
await loadPublished();
export const site = await loadSite();

/** Every key with its HTML; what is said of a missing or broken page under "/404" and "/500". */
const rendered = new Map<string, string>();
const guides = ["", "/easy", "/en"].flatMap((language) =>
  ["learning-in-hospital", "welcoming-a-child-with-illness"].map((slug) => `${language}/guides/${slug}`),
);
for (const key of [...site.keys.filter((key) => !key.endsWith("furigana")), ...headlineKeys(), ...guides])
  for (const variant of variantsOf(key)) {
    const snapshot = await site.pages.get(variant);
    if (snapshot) rendered.set(nameOf(variant), snapshot.bodies.plain.toString());
  }

/** The key of a page of `pages`: as it is stored without readings. */
export const plainKey = (path: string) =>
  path.startsWith("/easy") ? `${path}${path.includes("?") ? "&" : "?"}plain` : path;

/** Without readings, and with. Easy Japanese has them by itself. */
function variantsOf(key: string): string[] {
  const asking = (what: string) => `${key}${key.includes("?") ? "&" : "?"}${what}`;
  if (key.startsWith("/en")) return [key];
  return key.startsWith("/easy") ? [asking("plain"), key] : [key, asking("furigana")];
}

/** As if readings had to be asked for everywhere. */
function nameOf(variant: string): string {
  const name = variant.replace(/^(?!\/)/u, "/");
  if (!name.startsWith("/easy")) return name;
  return /[?&]plain$/u.test(name)
    ? name.replace(/[?&]plain$/u, "")
    : `${name}${name.includes("?") ? "&" : "?"}furigana`;
}

const isFurigana = (key: string) => /[?&]furigana$/u.test(key);

/** Path as in the address bar → HTML; landing pages of advertisements under "/?headline=…". */
export const pages = new Map([...rendered].filter(([key]) => !isFurigana(key)));

/** The same → HTML of its furigana view. */
export const furigana = new Map(
  [...rendered].filter(([key]) => isFurigana(key)).map(([key, html]) => [key.replace(/[?&]furigana$/u, ""), html]),
);

/** Links and forms that lead nowhere, fragments too. */
export function broken(html: string): string[] {
  const known = new Set([
    ...pages.keys(),
    ...site.files.keys(),
    "/newsletter/feed.xml",
    "/news/feed.xml",
    "/consultation/check",
  ]);
  const links = elements(
    html.replaceAll(/<link rel="(?:canonical|alternate)"[^>]*>/gu, ""),
    "a",
    "link",
    "img",
    "form",
  ).map((tag) => tag["href"] ?? tag["src"] ?? tag["action"] ?? "");
  return links.filter((link) => {
    if (/^\/support-book\/[a-z-]+\.(?:pdf|webp)\?v=[0-9a-f]{12}$/u.test(link)) return false;
    if (link.endsWith("?furigana") || /^\/guides\/[\w-]+\/preview\.webp/u.test(link)) return false;
    if (/^(?:tel:|https:\/\/(?:line|video)\.example\.jp\/)/u.test(link)) return false;
    const [target = "", fragment] = link.split("#") as [string, string?];
    if (fragment !== undefined && target === "") return !html.includes(`id="${fragment}"`);
    return !known.has(target.replace(/\?.*$/u, ""));
  });
}
