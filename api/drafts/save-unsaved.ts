/** Keeping a form that was sent after its session had ended, once its writer has signed in. */

import { bodyHmacOf, keyHmacOf } from "./form-keys.ts";
import { saveDraft } from "./save.ts";
import type { UnsavedForm } from "./unsent.ts";

/** Saves it as a draft of whoever signed in, unless the same words were stored by an earlier press. */
export async function saveUnsaved(staffId: string, { key, draft, ...unsaved }: UnsavedForm): Promise<void> {
  const keyHmac = keyHmacOf(staffId, key);
  const bodyHmac = await bodyHmacOf(unsaved.form, unsaved.values);
  await saveDraft(staffId, { ...unsaved, errors: {} }, { keyHmac, draftId: draft, bodyHmac });
}
