/** What a family sends on the page of its correspondence. Errors are in the language of the page. */

import { z } from "zod";
import { type ErrorWords, inEach, lenientText, requiredText, sharedFields } from "#api/forms/fields.ts";
import { wordsIn } from "#db/words/words.ts";

/** The shared fields without `locale`: here the path says the language. */
function fieldsBeside(errors: ErrorWords) {
  const { key, website, c } = sharedFields(errors);
  return { key, website, c };
}

/** Opens the page. */
export const accessForms = inEach((errors) =>
  z.strictObject({
    reference: lenientText(100),
    code: lenientText(100),
    /** Written on a page whose pass had expired; validated by `messageForms` once the code has been. */
    message: z.string(errors.notText).default(""),
    ...fieldsBeside(errors),
  }),
);

/** Adds a message, on a page that is open. */
export const messageForms = inEach((errors, language) => {
  const { missing, long, control } = wordsIn(language).correspondence;
  return z.strictObject({
    pass: lenientText(400),
    message: requiredText(4000, long, missing, { ...errors, control }),
    ...fieldsBeside(errors),
  });
});

/** Closes the page. */
export const closeForm = z.strictObject({ pass: lenientText(400) });

export type MessageForm = z.output<typeof messageForms.ja>;
