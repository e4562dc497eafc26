/** What the built site offers the rest of the house. */
import { createApp } from "astro/app/entrypoint";

const app = createApp({ streaming: false });

/**
 * Renders a page that is not prerendered; undefined when no page answers to this URL. Throws what
 * the page threw.
 */
export async function render(request: Request, locals: App.Locals): Promise<Response | undefined> {
  const routeData = app.match(request);
  if (!routeData || routeData.prerender || routeData.type !== "page") return undefined;
  const response = await app.render(request, { routeData, locals });
  if (locals.failure) throw locals.failure.error;
  return response;
}
