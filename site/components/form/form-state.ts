/** What one form of a page shows when it was refused; a page may hold several forms. */

import { draftFormName } from "#api/drafts/drafts.ts";

interface FormState {
  /** True when something that was typed lies in this form. */
  isSent: boolean;
  /** What was typed, by field. Programs may have sent anything here, not only text. */
  values: Record<string, unknown>;
  /** One sentence for each field that was wrong. */
  errors: Record<string, string>;
}

/**
 * The state of the form of this name; empty unless it was sent and came back, or somebody's draft lies in it. `name` is what the form's
 * address adds to the page's own (formName in api/forms/read-form.ts), undefined for the page's main form.
 */
export function formState({ form, drafts = [] }: App.Locals, name?: string): FormState {
  if (form !== undefined && form.name === name) return { isSent: true, values: form.values, errors: form.errors };
  const draft = drafts.find((one) => draftFormName(one) === name);
  return { isSent: draft !== undefined, values: draft?.values ?? {}, errors: draft?.errors ?? {} };
}

/** The id of a field's input: the field's name, with that of its form before it where a page has several forms. */
export const fieldId = (form: string | undefined, field: string): string =>
  form === undefined ? field : `${form}-${field}`;
