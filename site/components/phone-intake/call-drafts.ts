/** Which draft of a call lies in the form, and which others are offered. */

import type { PageDraft } from "#api/drafts/drafts.ts";

/** What the address asks for with `?draft=`: the id of a draft, or this for an empty form, since the telephone rings again. */
export const emptyForm = "none";

/** `drafts` come newest first. Without `?draft=`, as after a refused form, the newest lies in the form. */
export function draftsForCall(drafts: readonly PageDraft[], address: URL) {
  const asked = address.searchParams.get("draft");
  const open = asked === emptyForm ? undefined : (drafts.find(({ id }) => id === asked) ?? drafts[0]);
  return { open, others: drafts.filter((draft) => draft !== open && draft.hasWords) };
}
