/** Which drawing stands on the cover of each guide. */

import { type Moment, textsIn } from "#api/published/published.ts";

/** Code of the drawing by slug of the guide; "" where staff chose none. */
export const coversOf = (time: Moment): Map<string, string> =>
  new Map(textsIn("guide", "ja", time).map(({ slug, facts }) => [slug, facts.cover]));
