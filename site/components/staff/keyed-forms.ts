/** What every form of a staff page carries: an idempotency key, and a line about the draft that lies in it. */

import type { PageDraft } from "#api/drafts/drafts.ts";
import { isKeyedForm } from "#api/drafts/unsent.ts";
import { newFormKey } from "#api/pages/personalise.ts";
import { formatDateTime } from "#db/calendar/days.ts";
import { draftWords, formNameOf } from "#db/words/staff/drafts.ts";

const formTag = /<form\b[^>]*>/gu;
const actionOf = (tag: string) => (/\smethod="post"/iu.test(tag) ? /\saction="([^"]*)"/u.exec(tag)?.[1] : undefined);

/** Paths that the forms of this HTML post to, of those that carry a key. */
const keyedForms = (html: string): string[] =>
  [...html.matchAll(formTag)].flatMap(([tag]) => actionOf(tag) ?? []).filter(isKeyedForm);

export const hasKeyedForm = (html: string): boolean => keyedForms(html).length > 0;

/** The drafts that lie in no form of this HTML: of each form the newest lies in it. `drafts` come newest first. */
export function draftsOutside(html: string, drafts: readonly PageDraft[]): PageDraft[] {
  const inForms = new Set(keyedForms(html).map((form) => drafts.find((draft) => draft.form === form)));
  return drafts.filter((draft) => !inForms.has(draft));
}

/** Id of the form, at the end of the page, that drops a draft: as a button's `form` it does not send the form around it. */
export const dropFormId = (draft: PageDraft): string => `drop-${draft.id}`;

/**
 * After Back a browser loads a staff page anew (no-store), with a new key, and would put what was sent into its boxes
 * again: one press more, and a family gets the same reply twice. `autocomplete="off"` keeps the boxes empty then.
 */
const withoutRestoring = (tag: string) =>
  /\sautocomplete=/iu.test(tag) ? tag : tag.replace(/^<form/iu, '<form autocomplete="off"');

/**
 * The HTML of a page with a new key in each form that needs one: in one place, so that no form is forgotten. The
 * first form that a draft belongs to also says so.
 */
export function withFormKeys(html: string, drafts: readonly PageDraft[]): string {
  const placed = new Set<string>();
  return html.replaceAll(formTag, (tag) => {
    const action = actionOf(tag);
    if (action === undefined || !isKeyedForm(action)) return tag;
    const draft = placed.has(action) ? undefined : drafts.find((one) => one.form === action);
    placed.add(action);
    return `${withoutRestoring(tag)}<input type="hidden" name="key" value="${newFormKey()}">${draft ? partsOf(draft) : ""}`;
  });
}

const partsOf = (draft: PageDraft) =>
  `<input type="hidden" name="draft" value="${draft.id}">${draft.hasWords ? noteOn(draft) : ""}`;

const noteOn = (draft: PageDraft) =>
  `<p class="draft-note">${draftWords.inBox(formatDateTime(draft.savedAt))} <button class="button plain" type="submit" form="${dropFormId(draft)}">${draftWords.drop}<span class="visually-hidden">（${formNameOf(draft.form)}）</span></button></p>`;
