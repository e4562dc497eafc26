/** Which form stands on a page, so that no link of that page leads whoever is writing to an empty one. */

/** The forms that more than one page leads to. */
export type FormKind = "consultation" | "return" | "newsletter";

/**
 * Whether a page may lead to the form of this kind: not where that form stands, in whatever language,
 * and nowhere on an answer to a form, from which browsers find no way back to what was typed.
 */
export const mayLeadTo = (kind: FormKind, form: FormKind | undefined, { form: sent, correspondence }: App.Locals) =>
  sent === undefined && correspondence === undefined && kind !== form;
