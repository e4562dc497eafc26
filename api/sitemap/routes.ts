import { Hono } from "hono";
import { listGuides } from "#api/guides/catalogue.ts";
import type { AppEnv } from "#api/http/context.ts";
import { env } from "#db/env.ts";
import { settings } from "#db/settings/settings.ts";
import { pathIn } from "#db/words/words.ts";
import { listPublished } from "#emails/newsletters/archive.ts";

/** Pages in every language. */
const translatedPaths = ["/", "/consultation", "/privacy"];
/** Pages in Japanese only. */
const japanesePaths = [
  "/consultation/professional",
  "/guides",
  "/newsletter",
  "/about",
  "/help",
  "/advertising",
  "/accessibility",
];

const absolute = (path: string) => env.PUBLIC_ORIGIN + path;
const url = (path: string, links = "") => `<url><loc>${absolute(path)}</loc>${links}</url>`;
const alternates = (path: string) =>
  (["ja", "en"] as const)
    .map((locale) => `<xhtml:link rel="alternate" hreflang="${locale}" href="${absolute(pathIn(locale, path))}"/>`)
    .join("");

/** What crawlers may not read: links there are personal, or lead to no page (RFC 9309). */
const robots = `User-agent: *
Disallow: /staff
Disallow: /api
Disallow: /d/
Disallow: /u/

Sitemap: ${absolute("/sitemap.xml")}
`;

/** Every page for search engines (sitemaps.org; translations as xhtml:link), and what they may not read. */
export const sitemapRoutes = new Hono<AppEnv>()
  .get("/robots.txt", (c) => c.text(robots, 200, { "Cache-Control": "public, max-age=3600" }))
  .get("/sitemap.xml", async (c) => {
    const guides = (await listGuides()).map(({ slug }) => `/guides/${slug}`);
    const issues = (await listPublished()).map(({ slug }) => `/newsletter/${slug}`);
    // None while the site is not real: its pages ask not to be listed (layouts/Public.astro).
    const urls =
      settings().stage !== "real"
        ? []
        : [
            ...translatedPaths.flatMap((path) => [
              url(path, alternates(path)),
              url(pathIn("en", path), alternates(path)),
              url(pathIn("easy", path)),
            ]),
            ...[...japanesePaths, ...guides, ...issues].map((path) => url(path)),
          ];
    const head =
      '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">';
    return c.body(`<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${urls.join("\n")}\n</urlset>\n`, 200, {
      "Content-Type": "application/xml; charset=utf-8",
      "Cache-Control": "public, max-age=3600",
    });
  });
