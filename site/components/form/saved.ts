/** The sentence after a form was saved, once its route has led back to the page with `?done=`. */

import { savedNotices } from "#db/words/saved-notices.ts";

/**
 * The sentence of this page for the code in `?done=`; undefined for an unknown code, and when a form came
 * back refused: nothing was saved then.
 */
export function savedNotice({ url, locals }: { url: URL; locals: App.Locals }, page: keyof typeof savedNotices) {
  const sentences: Record<string, string> = savedNotices[page];
  const code = url.searchParams.get("done") ?? "";
  // On a staff page another form's draft may be waiting; after a refusal the address has no `?done=`.
  const isRefused = locals.form !== undefined && locals.drafts === undefined;
  return !isRefused && Object.hasOwn(sentences, code) ? sentences[code] : undefined;
}
