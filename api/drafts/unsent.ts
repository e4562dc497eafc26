/** A staff form as it was sent or typed: what of it is worth keeping, and which forms are not kept. */

import { z } from "zod";
import { env } from "#db/env.ts";
import { isId } from "#db/random/ids.ts";

/** What somebody typed into one form. */
export interface UnsentForm {
  /** Path that the form posts to. */
  form: string;
  /** Path of the page that shows the form. */
  page: string;
  /** By field name, as it was sent. */
  values: Record<string, unknown>;
  /** One sentence for each field that was refused; `form` for the whole. Empty for what was only typed. */
  errors: Record<string, string>;
}

/** POST routes of the staff area whose forms carry no key and leave no draft, each with the reason. */
export const formsWithoutKey: Readonly<Record<string, string>> = {
  "/staff/sign-in": "a password; a second sign-in is one more session and changes nothing else",
  "/staff/sign-in/code": "a code that is accepted once",
  "/staff/two-factor": "a code that is accepted once",
  "/staff/sign-out": "a session ends once",
  "/staff/invitations/:token": "a password; an invitation is accepted once",
  "/staff/newsletters/readers": "a search: it changes nothing, and its address is to be kept nowhere",
  "/staff/drafts": "saves what is being typed, in place of what was saved before",
  "/staff/drafts/:id/drop": "a draft is dropped once",
};

const patterns = Object.keys(formsWithoutKey).map(
  (route) => new RegExp(`^${route.replaceAll(/:\w+/gu, "[^/]+")}$`, "u"),
);

/** Whether a form that posts to this path carries a key and leaves a draft. */
export const isKeyedForm = (path: string): boolean =>
  /^\/staff\/[\w./-]{1,300}$/u.test(path) && !patterns.some((pattern) => pattern.test(path));

/** A path of a staff page, such as the one that shows a form. */
export const isStaffPage = (path: unknown): path is string =>
  typeof path === "string" && /^\/staff(?:\/[\w./-]{1,300})?$/u.test(path);

/** The id of the case that a path below /staff/cases/<id> belongs to. */
export function caseIdIn(path: string): string | undefined {
  const id = /^\/staff\/cases\/([^/]+)/u.exec(path)?.[1];
  return isId(id) ? id : undefined;
}

/** Path of the page that shows the form which posts to this path: where the browser came from, else the page of the case. */
export function pageBehind(form: string, referer = ""): string | undefined {
  const from = URL.parse(referer, env.PUBLIC_ORIGIN)?.pathname;
  const caseId = caseIdIn(form);
  if (referer !== "" && isStaffPage(from)) return from;
  return caseId === undefined ? undefined : `/staff/cases/${caseId}`;
}

/** Fields that a page fills in or that are chosen in a moment; whatever else was sent is worth keeping for long. */
const chosenFields = new Set([
  "version",
  "latest",
  "staff_id",
  "state",
  "reason",
  "owed",
  "checked",
  "email",
  "role",
  "take",
  "next_who",
  // An entry of the journal: a note has them hidden, a record chosen before anybody types.
  "happened_at",
  "channel",
  "from_party",
  "to_party",
  "outcome",
  "for_peers",
  // What a page had shown when the form was filled in.
  "seen",
  "shown",
  "shown_at",
  "held_by",
  "from",
  ...["do", "began_at", "lead_channel", "answer", "consent"],
  // A text of a page: the button 「見てみる」, an earlier text, another place.
  ...["look", "change", "to"],
  // An issue: the pressed button, its list, the place of a block.
  ...["press", "list", "shows_subject", "line", "block", "guide", "is_public"],
  // When an issue goes out, whether on the web too; which of its messages a decision was about.
  ...["when", "web", "delivery", "count"],
  // An entry of the site: an earlier revision, the moment at which it appears, a place in the list.
  ...["no", "base", "at", "move"],
]);

/** Whether somebody typed something that would be missed. */
export const hasWords = (values: Record<string, unknown>): boolean =>
  Object.entries(values).some(
    ([name, value]) =>
      !chosenFields.has(name) && [value].flat().some((one) => typeof one === "string" && one.trim() !== ""),
  );

/** The fields to keep: no file, which no page can put back, and nothing that each showing of the form makes anew. */
export const keptValues = ({ key: _key, draft: _draft, ...values }: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => ![value].flat().some((one) => one instanceof File)));

/** A form that was sent after its session had ended; `key` and `draft` are those of its showing. */
const Unsaved = z.object({
  form: z.string().refine(isKeyedForm),
  page: z.string().refine(isStaffPage),
  values: z.record(z.string(), z.unknown()),
  key: z.string().optional(),
  draft: z.string().optional(),
});

export type UnsavedForm = z.output<typeof Unsaved>;

/** A form that the sign-in pages carry, from its JSON; undefined when it is none. */
export function readUnsaved(json: unknown): UnsavedForm | undefined {
  try {
    const parsed = Unsaved.safeParse(typeof json === "string" ? JSON.parse(json) : undefined);
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined; // not JSON
  }
}
