/** A form that was sent again with the idempotency key of another request: somebody went back and changed the text. */

import { wordsIn } from "#db/words/words.ts";

/**
 * The form to show then: all values kept, the used key dropped so that the next submission is a new request, and
 * a sentence for the person instead of the one for programs. Any other form is returned as it is.
 */
export function withNewKey({ form, locale = "ja" }: App.Locals): App.Locals["form"] {
  if (form?.errors["key"] === undefined) return form;
  const { key: _key, ...values } = form.values;
  return { ...form, values, errors: { form: wordsIn(locale).errors.repeated } };
}
