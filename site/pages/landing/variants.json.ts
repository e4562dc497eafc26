/** Which advertisement group or campaign gets which headline; read by api/web/pages.ts at its start. */

import type { APIRoute } from "astro";
import { getCollection } from "astro:content";

export const GET: APIRoute = async () => {
  const headlines = await getCollection("headlines");
  const by = (name: "gids" | "campaigns") =>
    Object.fromEntries(headlines.flatMap(({ id, data }) => data[name].map((value) => [value, id])));
  return Response.json({ gid: by("gids"), campaign: by("campaigns") });
};
