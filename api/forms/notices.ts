/** Notices after a write: it redirects to a page that reads `?done=` and says what was done. */

import type { AppContext } from "#api/http/context.ts";

/** 303 to a page without a query of its own; `notice` is one of the words that page knows. */
export const redirectWithNotice = (c: AppContext, page: string, notice: string): Response =>
  c.redirect(`${page}?done=${notice}`, 303);
