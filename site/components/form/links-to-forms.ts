/** Which pages may link to a form: a link beside a form would lead somebody who is writing to an empty one. */

/** The forms that more than one page links to. */
export type FormKind = "consultation" | "return" | "newsletter";

/**
 * Whether a page may link to the form of this kind: not the page that holds that form, in any language, and no
 * page that answers a POST, since a browser's Back does not bring back what was typed there.
 */
export const mayLinkTo = (kind: FormKind, form: FormKind | undefined, { form: sent, correspondence }: App.Locals) =>
  sent === undefined && correspondence === undefined && kind !== form;
