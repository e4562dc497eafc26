/** Someone went back, changed the words and sent them again under the key of the first sending. */

import { wordsIn } from "#db/words/words.ts";

/**
 * The form as it should be shown then: everything kept, the used key dropped so that the next press
 * is a new request, and words for the person instead of the API's.
 */
export function withNewKey({ form, locale = "ja" }: App.Locals): App.Locals["form"] {
  if (form?.errors["key"] === undefined) return form;
  const { key: _key, ...values } = form.values;
  return { ...form, values, errors: { form: wordsIn(locale).errors.repeated } };
}
