/** Keeping a form that was sent after its session had ended, once its writer has signed in. */

import { draftWords } from "#db/words/staff/drafts.ts";
import { bodyHmacOf, keyHmacOf } from "./form-keys.ts";
import { saveDraft } from "./save.ts";
import { hasWords, type UnsavedForm } from "./unsent.ts";

/**
 * Saves it as a draft of whoever signed in, unless the same words were stored by an earlier press. Where nothing was typed it
 * says on its page, for a while, that the button has to be pressed once more.
 */
export async function saveUnsaved(staffId: string, { key, draft, ...unsaved }: UnsavedForm): Promise<void> {
  const keyHmac = keyHmacOf(staffId, key);
  const bodyHmac = await bodyHmacOf(unsaved.form, unsaved.values);
  const errors: Record<string, string> = hasWords(unsaved.values) ? {} : { form: draftWords.pressAgain };
  await saveDraft(staffId, { ...unsaved, errors }, { keyHmac, draftId: draft, bodyHmac });
}
