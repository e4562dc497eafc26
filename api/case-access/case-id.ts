/** The case that a request names. */

import type { AppContext } from "#api/http/context.ts";
import { NotFound } from "#db/errors.ts";
import { isId } from "#db/random/ids.ts";

/** The case id in the path. Throws NotFound for one that is no id, as for a case that one may not see. */
export function caseId(c: AppContext): string {
  const id = c.req.param("id");
  if (!isId(id)) throw new NotFound("case");
  return id as string;
}
