/** The keys under which stored pages are kept. */

/** Ids of advertisement groups and names of campaigns → the headline of their landing page. Maps: ids are strangers' words. */
export interface Headlines {
  gid: Map<string, string>;
  campaign: Map<string, string>;
}

/**
 * The key of the page that a URL means: its path, with "?furigana" for readings over hard words, and with the
 * headline of the advertisement group that led to the landing page. Nothing else of a query changes a page.
 */
export function variantKey({ gid, campaign }: Headlines, path: string, query: URLSearchParams): string {
  const page = path.replace(/(?<=.)\/$/u, "");
  const headline =
    page === "/" ? (gid.get(query.get("gid") ?? "") ?? campaign.get(query.get("utm_campaign") ?? "")) : undefined;
  const hasFurigana = query.has("furigana") && !/^\/en(?:\/|$)/u.test(page);
  const variant = [hasFurigana && "furigana", headline !== undefined && `headline=${headline}`]
    .filter(Boolean)
    .join("&");
  return variant === "" ? page : `${page}?${variant}`;
}

/** What is said of a page that is missing or broken. Its key has no slash in front, so that no address leads there. */
export const errorPages = ["404", "404?furigana", "500"] as const;

export const isErrorPage = (key: string): boolean => !key.startsWith("/");

/** The parts of a key: the path to render, with its slash, and what makes it a variant. */
export function partsOf(key: string): { path: string; hasFurigana: boolean; headline: string | undefined } {
  const [path = "", variant = ""] = key.split("?");
  const query = new URLSearchParams(variant);
  return {
    path: isErrorPage(key) ? `/${path}` : path,
    hasFurigana: query.has("furigana"),
    headline: query.get("headline") ?? undefined,
  };
}
