import { Hono } from "hono";
import { listGuides } from "#api/guides/catalogue.ts";
import type { AppEnv } from "#api/http/context.ts";
import { areNumbersShown } from "#api/numbers/numbers.ts";
import { PageTime } from "#api/pages/page-time.ts";
import { newsFeed } from "#api/published/feed.ts";
import { hasList, type ListPage, listPages } from "#api/published/lists.ts";
import { listSurveys } from "#api/surveys/surveys.ts";
import { env } from "#db/env.ts";
import { escapeXml } from "#db/formats/xml.ts";
import { settings } from "#db/settings/settings.ts";
import { formPaths } from "#db/terms/askers.ts";
import { codes } from "#db/terms/codes.ts";
import { type Locale, locale as locales } from "#db/terms/locale.ts";
import { pathIn } from "#db/words/words.ts";
import { listPublished } from "#emails/newsletters/archive.ts";

/** Pages in every language. */
const translatedPaths = [
  ...["/", ...Object.values(formPaths), "/teens", "/professionals", "/guides", "/newsletter", "/privacy"],
  ...["/about", "/help", "/advertising", "/accessibility"],
];
/** Pages in Japanese only. */
const japanesePaths = ["/support-book"];

const absolute = (path: string) => escapeXml(env.PUBLIC_ORIGIN + path);
const url = (path: string, links = "") => `<url><loc>${absolute(path)}</loc>${links}</url>`;
const alternates = (path: string, inLanguages: readonly Locale[] = codes(locales)) =>
  (["ja", "en"] as const)
    .filter((locale) => inLanguages.includes(locale))
    .map((locale) => `<xhtml:link rel="alternate" hreflang="${locale}" href="${absolute(pathIn(locale, path))}"/>`)
    .join("");

/** Pages with all entries of some kinds, in the languages in which there are any now. */
function listUrls(): string[] {
  const time = new PageTime(new Date());
  return (Object.keys(listPages) as ListPage[]).flatMap((page) => {
    const inLanguages = codes(locales).filter((locale) => hasList(page, locale, time));
    const links = inLanguages.length > 1 ? alternates(`/${page}`, inLanguages) : "";
    return inLanguages.map((locale) => url(pathIn(locale, `/${page}`), locale === "easy" ? "" : links));
  });
}

/** What crawlers may not read: links there are personal, or lead to no page (RFC 9309). */
const robots = `User-agent: *
Disallow: /staff
Disallow: /api
Disallow: /d/
Disallow: /u/
Disallow: /preview/

Sitemap: ${env.PUBLIC_ORIGIN}/sitemap.xml
`;

/** Every page for search engines (sitemaps.org; translations as xhtml:link), what they may not read, and the feed of news. */
export const sitemapRoutes = new Hono<AppEnv>()
  .get("/news/feed.xml", (c) =>
    c.body(newsFeed(new PageTime(new Date())), 200, { "Content-Type": "application/atom+xml; charset=utf-8" }),
  )
  .get("/robots.txt", (c) => c.text(robots, 200, { "Cache-Control": "public, max-age=3600" }))
  .get("/sitemap.xml", async (c) => {
    const guides = (await listGuides()).map(({ slug }) => `/guides/${slug}`);
    const issues = (await listPublished()).map(({ slug }) => `/newsletter/${slug}`);
    const surveys = (await listSurveys()).map(({ slug }) => `/surveys/${slug}`);
    // None while the site is not real: its pages ask not to be listed (layouts/Public.astro).
    const urls =
      settings().stage !== "real"
        ? []
        : [
            ...[...translatedPaths, ...(areNumbersShown() ? ["/numbers"] : []), ...guides].flatMap((path) => [
              url(path, alternates(path)),
              url(pathIn("en", path), alternates(path)),
              url(pathIn("easy", path)),
            ]),
            ...listUrls(),
            ...[...japanesePaths, ...issues, ...(surveys.length > 0 ? ["/surveys", ...surveys] : [])].map((path) =>
              url(path),
            ),
          ];
    const head =
      '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">';
    return c.body(`<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${urls.join("\n")}\n</urlset>\n`, 200, {
      "Content-Type": "application/xml; charset=utf-8",
      // Asked for each time: what is withdrawn from the web leaves it at once.
      "Cache-Control": "public, no-cache",
    });
  });
