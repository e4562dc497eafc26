/** What the built site exports to api/web/pages.ts: rendering a page per request, and whether there is one. */

import { createApp } from "astro/app/entrypoint";
import { furiganaOf } from "./furigana/page.ts";

const app = createApp({ streaming: false });

/** The route of the page for this request, unless it is prerendered. */
function pageOf(request: Request) {
  const routeData = app.match(request);
  return routeData && !routeData.prerender && routeData.type === "page" ? routeData : undefined;
}

/** Whether a page that is not prerendered answers to this address. */
export const hasPage = (request: Request): boolean => pageOf(request) !== undefined;

/**
 * Renders a page that is not prerendered; undefined when no page answers to this URL. Throws what
 * the page threw. With "?furigana" a Japanese page is answered as its furigana view, as prerendered ones are.
 */
export async function render(request: Request, locals: App.Locals): Promise<Response | undefined> {
  const routeData = pageOf(request);
  if (!routeData) return undefined;
  const response = await app.render(request, { routeData, locals });
  if (locals.failure) throw locals.failure.error;
  return new URL(request.url).searchParams.has("furigana") ? annotated(response) : response;
}

async function annotated(response: Response): Promise<Response> {
  if (!response.headers.get("content-type")?.startsWith("text/html")) return response;
  const html = await response.text();
  return new Response(furiganaOf(html) ?? html, response);
}
