/** The words of a form to ask for help: those of the form for families, and what another kind of asker is told otherwise. */

import type { Asker } from "#db/terms/askers.ts";
import type { Locale } from "#db/terms/locale.ts";
import { type Words, wordsIn } from "#db/words/words.ts";

type AskerForm = Words["askerForms"][keyof Words["askerForms"]];

export function formWords(locale: Locale, asker: Asker): AskerForm {
  const { askerForms, form } = wordsIn(locale);
  return asker === "family" ? { ...form, affiliation: { label: "", hint: "" } } : askerForms[asker];
}
