/** Checks what was sent, as a form or as JSON (api/http/bodies.ts), against one definition. */

import type { z } from "zod";
import { readBody, refuseUnreadable } from "#api/http/bodies.ts";
import type { AppContext } from "#api/http/context.ts";
import { isStaffPath } from "#api/http/problems.ts";
import { Invalid } from "#db/errors.ts";
import { codes } from "#db/terms/codes.ts";
import { type Locale, locale } from "#db/terms/locale.ts";
import { wordsIn } from "#db/words/words.ts";

/**
 * The checked input. Keeps what was typed on the context, so that a refused form can be shown again
 * on `page`. Throws Invalid with one sentence per field.
 */
export async function readForm<S extends z.ZodType>(c: AppContext, schema: S, page?: string): Promise<z.output<S>> {
  const { values, unreadable } = await readBody(c);
  // Key and draft of one showing of a staff form are not the form's own (api/drafts/staff-forms.ts).
  const body = isStaffPath(c) ? withoutShowing(values) : values;
  // A browser lets no page choose a file for somebody: it cannot be shown again.
  c.set("submitted", Object.fromEntries(Object.entries(body).filter(([, value]) => !(value instanceof File))));
  if (page !== undefined) c.set("page", page);
  refuseUnreadable(unreadable);
  return validate(schema, body);
}

const withoutShowing = ({ key: _key, draft: _draft, ...body }: Record<string, unknown>) => body;

/** The language of a form, as it says itself; Japanese where it says none, or one that we do not speak. */
export const languageOf = (typed: Record<string, unknown>): Locale =>
  codes(locale).find((code) => code === typed["locale"]) ?? "ja";

/**
 * The same for a form that speaks several languages: it is judged in the one it was shown in. `amend` changes what was
 * typed before it is judged, where somebody asked for that. A function for `page` gives the page whose main form it is.
 */
export async function readLocalisedForm<S extends z.ZodType>(
  c: AppContext,
  forms: Record<Locale, S>,
  page?: string | ((typed: Record<string, unknown>) => string),
  amend = (typed: Record<string, unknown>) => typed,
): Promise<z.output<S>> {
  const { values, unreadable } = await readBody(c);
  const body = amend(values);
  const spoken = languageOf(body);
  c.set("locale", spoken);
  c.set("submitted", body);
  if (page !== undefined) c.set("page", typeof page === "string" ? page : page(body));
  c.set("isMainForm", typeof page === "function");
  refuseUnreadable(unreadable, spoken);
  return validate(forms[spoken], body, wordsIn(spoken).errors.unknown);
}

/**
 * Which form of `page` was posted: what its address adds to the page's, "entries" for the one that posts to
 * /staff/cases/<id>/entries from /staff/cases/<id>. Undefined for the main form, which posts to the page's
 * own address or to one beside it, or says so (`isMainForm`). The page shows values and errors in this
 * form alone.
 */
export function formName(c: AppContext): string | undefined {
  if (c.get("isMainForm")) return undefined;
  const [page = ""] = (c.get("page") ?? "").split("?");
  return page !== "" && c.req.path.startsWith(`${page}/`) ? c.req.path.slice(page.length + 1) : undefined;
}

/** Parses or throws Invalid; unknown fields are named like any other wrong one. */
export function validate<S extends z.ZodType>(
  schema: S,
  body: unknown,
  unknown = wordsIn("ja").errors.unknown,
): z.output<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  // Without a prototype, or a field called "constructor" would look as if it had its sentence already.
  const errors = Object.create(null) as Record<string, string>;
  for (const issue of parsed.error.issues) {
    if (issue.code === "unrecognized_keys") for (const key of issue.keys) errors[key] ??= unknown;
    else errors[String(issue.path[0] ?? "body")] ??= issue.message;
  }
  throw new Invalid(errors);
}
