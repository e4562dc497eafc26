/** What one form of a page shows when it was refused; a page may hold several forms. */

interface FormState {
  /** True when this is the form that was sent and came back. */
  isSent: boolean;
  /** What was typed, by field. Programs may have sent anything here, not only text. */
  values: Record<string, unknown>;
  /** One sentence for each field that was wrong. */
  errors: Record<string, string>;
}

/**
 * The state of the form of this name; empty unless it is the one that was sent. `name` is what the form's
 * address adds to the page's own (formName in api/forms/read-form.ts), undefined for the page's main form.
 */
export function formState({ form }: App.Locals, name?: string): FormState {
  if (form === undefined || form.name !== name) return { isSent: false, values: {}, errors: {} };
  return { isSent: true, values: form.values, errors: form.errors };
}

/** The id of a field's input: the field's name, with that of its form before it where a page has several forms. */
export const fieldId = (form: string | undefined, field: string): string =>
  form === undefined ? field : `${form}-${field}`;
