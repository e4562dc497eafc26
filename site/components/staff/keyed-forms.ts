/** What every form of a staff page carries: an idempotency key, and a line about the draft that lies in it. */

import type { PageDraft } from "#api/drafts/drafts.ts";
import { isKeyedForm } from "#api/drafts/unsent.ts";
import { newFormKey } from "#api/pages/personalise.ts";
import { formatDateTime } from "#db/calendar/days.ts";
import { draftWords } from "#db/words/staff/drafts.ts";

const formTag = /<form\b[^>]*>/gu;
const actionOf = (tag: string) => (/\smethod="post"/iu.test(tag) ? /\saction="([^"]*)"/u.exec(tag)?.[1] : undefined);

/** Paths that the forms of this HTML post to. */
export const postedFrom = (html: string): string[] =>
  [...html.matchAll(formTag)].flatMap(([tag]) => actionOf(tag) ?? []);

/** Id of the form, at the end of the page, that drops a draft: as a button's `form` it does not send the form around it. */
export const dropFormId = (draft: PageDraft): string => `drop-${draft.id}`;

/**
 * The HTML of a page with a new key in each form that needs one: in one place, so that no form is forgotten. The
 * first form that a draft belongs to also says so.
 */
export function withFormKeys(html: string, drafts: readonly PageDraft[]): string {
  const noted = new Set<PageDraft>();
  return html.replaceAll(formTag, (tag) => {
    const action = actionOf(tag);
    if (action === undefined || !isKeyedForm(action)) return tag;
    const draft = drafts.find((one) => one.form === action && one.hasWords && !noted.has(one));
    if (draft) noted.add(draft);
    return `${tag}<input type="hidden" name="key" value="${newFormKey()}">${draft ? noteOn(draft) : ""}`;
  });
}

const noteOn = (draft: PageDraft) =>
  `<p class="draft-note">${draftWords.inBox(formatDateTime(draft.savedAt))} <button class="button plain" type="submit" form="${dropFormId(draft)}">${draftWords.drop}</button></p>`;
