/** Forms of entries as a browser sends them: what the page shows, and over it what somebody types. */

import { readEntry } from "#api/content/entries.ts";
import { ContentEntryForm, type EntryInput } from "#api/content/forms.ts";
import { openEntryForm } from "#api/content/open-form.ts";
import { createEntry } from "#api/content/save.ts";
import type { Staff } from "#db/actor.ts";
import { codes } from "#db/terms/codes.ts";
import type { ContentKind } from "#db/terms/content.ts";
import { type Locale, locale as locales } from "#db/terms/locale.ts";

export type Fields = Record<string, string>;

/** The fields of the page as it is shown now; a browser leaves empty ones out. */
export async function shownForm(staff: Staff, kind: ContentKind, id?: string): Promise<Fields> {
  const entry = id === undefined ? undefined : await readEntry(staff, kind, id);
  const open = await openEntryForm(kind, entry);
  const fields: Fields = { shown: open.shown };
  for (const [name, value] of Object.entries(open.facts.values)) fields[`facts.${name}`] = value;
  for (const locale of codes(locales)) {
    const { values, base, version } = open.texts[locale];
    Object.assign(fields, { [`base.${locale}`]: String(base), [`version.${locale}`]: String(version) });
    for (const [name, value] of Object.entries(values)) fields[`${locale}.${name}`] = value;
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ""));
}

export const parsed = (kind: ContentKind, fields: Fields): EntryInput => ContentEntryForm[kind].parse(fields);

/** The form as it is shown now, with what is typed over it. */
export const typed = async (
  staff: Staff,
  kind: ContentKind,
  id: string | undefined,
  over: Fields,
): Promise<EntryInput> => parsed(kind, { ...(await shownForm(staff, kind, id)), ...over });

/** A new entry with these fields. Returns its id. */
export async function added(staff: Staff, kind: ContentKind, fields: Fields, now?: Date): Promise<string> {
  return (await createEntry(staff, kind, await typed(staff, kind, undefined, fields), now)).id;
}

/** What a language is: its state, and the words that are drafted and public. */
export async function textOf(staff: Staff, kind: ContentKind, id: string, locale: Locale = "ja", now = new Date()) {
  const { texts } = await readEntry(staff, kind, id, now);
  const { draft, state, version, publishedNo, scheduledNo, madeFrom } = texts[locale];
  return { ...state, draft: draft?.body, no: draft?.no ?? 0, version, publishedNo, scheduledNo, madeFrom };
}
