/** What the built site exports to api/pages/site.ts: rendering a page to a Response, and which pages there are. */

import { createApp } from "astro/app/entrypoint";
import { furiganaOf, withoutReadings } from "./furigana/page.ts";
import { withPhrases } from "./phrases.ts";

const app = createApp({ streaming: false });

/**
 * The pages that depend on content and time but on no visitor, as Astro names their routes. They are rendered
 * without anything of a request, and kept (api/pages/page-store.ts). Any other page is rendered for each request.
 */
const storedRoutes = new Set(
  [
    ...["", "/easy", "/en"].flatMap((language) =>
      [
        ...["/", "/consultation", "/consultation/relatives", "/consultation/teens", "/consultation/professional"],
        ...["/teens", "/professionals", "/consultation/return", "/stories", "/people", "/events", "/faq", "/news"],
        ...[
          "/guides",
          "/guides/[slug]",
          "/newsletter",
          "/privacy",
          "/about",
          "/numbers",
          "/help",
          "/advertising",
          "/accessibility",
        ],
      ].map((page) => language + page),
    ),
    ...["/newsletter/[slug]", "/surveys", "/surveys/[slug]", "/support-book"],
    ...["/404", "/500"],
  ].map((route) => route.replace(/(?<=.)\/$/u, "")),
);

const pageOf = (request: Request) => {
  const routeData = app.match(request);
  return routeData?.type === "page" ? routeData : undefined;
};

/** Whether a page answers to this address. */
export const hasPage = (request: Request): boolean => pageOf(request) !== undefined;

/** Whether the page of this address is one that every visitor is shown alike. */
export const isStoredPage = (request: Request): boolean => storedRoutes.has(pageOf(request)?.route ?? "");

/** Paths of the stored pages that stand at one address; the others' addresses are in the database. */
export const storedPaths: readonly string[] = [...storedRoutes].filter((route) => !route.includes("["));

/**
 * Renders the page of this request; undefined when there is none. Throws what the page threw. With "?furigana" a
 * Japanese page is answered as its furigana view, and so is a page in easy Japanese without being asked, unless with "?plain".
 */
export async function render(request: Request, locals: App.Locals): Promise<Response | undefined> {
  const routeData = pageOf(request);
  if (!routeData) return undefined;
  const response = await app.render(request, { routeData, locals });
  if (locals.failure) throw locals.failure.error;
  const { pathname, searchParams } = new URL(request.url);
  // A page that stands at one address for all languages says itself which it was rendered in.
  const isEasy = /^\/easy(?:\/|$)/u.test(pathname) || locals.locale === "easy";
  const isPlain = isEasy && searchParams.has("plain");
  const hasReadings = !isPlain && (isEasy || searchParams.has("furigana"));
  return changed(response, (html) => {
    const read = hasReadings ? furiganaOf(html, isEasy) : undefined;
    return read ?? withPhrases(isPlain ? withoutReadings(html) : html);
  });
}

/** The page with its text changed; anything else as it is. */
async function changed(response: Response, change: (html: string) => string): Promise<Response> {
  if (!response.headers.get("content-type")?.startsWith("text/html")) return response;
  return new Response(change(await response.text()), response);
}
