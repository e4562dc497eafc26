/** The keys under which stored pages are kept. */

import { headlinesIn } from "#api/published/published.ts";
import { formPaths } from "#db/terms/askers.ts";
import { codes } from "#db/terms/codes.ts";
import { topic as topics } from "#db/terms/consultation.ts";
import { type Locale, locale as locales } from "#db/terms/locale.ts";
import { languageOfPath, pathIn } from "#db/words/words.ts";
import { PageTime } from "./page-time.ts";

/** The landing pages, which alone may have the headline of an advertisement group. */
const landings: Record<string, Locale> = { "/": "ja", "/easy": "easy", "/en": "en" };

const inEach = (path: string) => codes(locales).map((language) => pathIn(language, path));

/** The pages with the form for families, on which the topic of a link may be ticked. */
const familyForms = inEach(formPaths.family);

/** The pages with a form that says that nothing of what was typed is left, to whoever a link led back with "?lost"; guides beside them. */
const forms = new Set([...Object.values(formPaths), "/consultation/return", "/newsletter"].flatMap(inEach));
const isForm = (page: string) => forms.has(page) || /^(?:\/(?:easy|en))?\/guides\/[^/]+$/u.test(page);

/** Slug of the headline for the advertisement group or campaign in this query, published in this language now. */
function headlineFor(locale: Locale, query: URLSearchParams): string | undefined {
  const [number, name] = [query.get("gid"), query.get("utm_campaign")];
  if (number === null && name === null) return undefined;
  const { gid, campaign } = headlinesIn(locale, new PageTime(new Date()));
  return gid.get(number ?? "") ?? campaign.get(name ?? "");
}

/**
 * The key of the page that a URL means: its path, with "?furigana" for readings over hard words or, in easy
 * Japanese, which has them by itself, "?plain" for none; the of the advertisement group that led to the landing page, the form with the topic of the worry that led
 * there, and the form that says that what was typed is gone. Nothing else of a query changes a page.
 */
export function variantKey(path: string, query: URLSearchParams): string {
  const page = path.replace(/(?<=.)\/$/u, "");
  const landing = Object.hasOwn(landings, page) ? landings[page] : undefined;
  const headline = landing && headlineFor(landing, query);
  const readings = languageOfPath(page) === "easy" ? "plain" : "furigana";
  const hasReadings = query.has(readings) && languageOfPath(page) !== "en";
  const isLost = query.has("lost") && isForm(page);
  const topic = familyForms.includes(page) ? (query.get("topic") ?? "") : "";
  const variant = [
    ...[hasReadings && readings, headline !== undefined && `headline=${headline}`],
    Object.hasOwn(topics, topic) && !isLost && `topic=${topic}`,
    isLost && "lost",
  ]
    .filter(Boolean)
    .join("&");
  return variant === "" ? page : `${page}?${variant}`;
}

/** The keys of landing pages with a headline that is published now. */
export const headlineKeys = (): string[] =>
  Object.entries(landings).flatMap(([path, locale]) => {
    const { gid, campaign } = headlinesIn(locale, new PageTime(new Date()));
    return [...new Set([...gid.values(), ...campaign.values()])].map((slug) => `${path}?headline=${slug}`);
  });

/** What is said of a page that is missing or broken. Its key has no slash in front, so that no address leads there. */
export const errorPages = ["404", "404?furigana", "500"] as const;

export const isErrorPage = (key: string): boolean => !key.startsWith("/");

interface PageParts {
  path: string;
  /** What the page is asked for with, as to readings over its words. */
  readings: "furigana" | "plain" | undefined;
  headline: string | undefined;
  topic: string | undefined;
  isLost: boolean;
}

/** The parts of a key: the path to render, with its slash, and what makes it a variant. */
export function partsOf(key: string): PageParts {
  const [path = "", variant = ""] = key.split("?");
  const query = new URLSearchParams(variant);
  return {
    path: isErrorPage(key) ? `/${path}` : path,
    readings: (["furigana", "plain"] as const).find((name) => query.has(name)),
    headline: query.get("headline") ?? undefined,
    topic: query.get("topic") ?? undefined,
    isLost: query.has("lost"),
  };
}
