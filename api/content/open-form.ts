/**
 * What the form of an entry shows: what is saved, and over it what the person has typed and not sent. Field by field three
 * states meet: what the form had shown, what was typed, and what is saved now. A field that was not touched shows what is
 * saved now, so that an old draft takes nothing back.
 */

import { db } from "#db/client.ts";
import { codes } from "#db/terms/codes.ts";
import { fieldsOf } from "#db/terms/content-fields.ts";
import type { ContentKind } from "#db/terms/content.ts";
import { type Locale, locale as locales } from "#db/terms/locale.ts";
import { type Entry, findRevision } from "./entries.ts";
import { typedFacts, type Values } from "./forms.ts";
import { lastChangeOfFacts } from "./save.ts";
import { isSameWording } from "./states.ts";

/** What somebody else saved while this form was open, to be compared: the fields of which this form says something else. */
export interface Theirs {
  by: string | null;
  at: Date | undefined;
  values: Values;
}

export interface OpenFields {
  /** By field. */
  values: Values;
  theirs: Theirs | undefined;
}

export interface OpenEntry {
  facts: OpenFields;
  /** The hidden field `shown`. */
  shown: string;
  texts: Record<Locale, OpenFields & { base: number; version: number }>;
}

type Sent = Readonly<Record<string, unknown>>;

/** A browser leaves an empty field out. */
const typedIn = (sent: Sent, name: string): string => {
  const value = sent[name];
  return typeof value === "string" ? value : "";
};

/** The form of an entry, or of a new one of this kind; `sent` is a draft of it. The caller has asked `findEntry`. */
export async function openEntryForm(kind: ContentKind, entry: Entry | undefined, sent?: Sent): Promise<OpenEntry> {
  const saved = Object.fromEntries(typedFacts(kind).map(({ name }) => [name, entry?.facts[name] ?? ""]));
  const fields = fieldsOf(kind).body.map(({ name }) => name);
  const texts = {} as OpenEntry["texts"];
  for (const locale of codes(locales)) texts[locale] = await openText(fields, entry, locale, sent);
  return { facts: await openFacts(kind, saved, entry, sent), shown: JSON.stringify(saved), texts };
}

async function openFacts(
  kind: ContentKind,
  saved: Values,
  entry: Entry | undefined,
  sent: Sent | undefined,
): Promise<OpenFields> {
  const shown = shownIn(sent);
  if (sent === undefined || shown === undefined) return { values: saved, theirs: undefined };
  const ticks = new Set(typedFacts(kind).flatMap(({ name, input }) => (input === "tick" ? [name] : [])));
  const typedFact = (name: string) => {
    const typed = typedIn(sent, `facts.${name}`);
    return ticks.has(name) && typed !== "" ? "yes" : typed;
  };
  const merged = merge(Object.keys(saved), {
    typed: (name) => (name in shown ? typedFact(name) : saved[name]),
    shown: (name) => shown[name] ?? saved[name],
    saved: (name) => saved[name],
  });
  const last = entry && Object.keys(merged.theirs).length > 0 ? await lastChangeOfFacts(db, entry) : undefined;
  return { values: merged.values, theirs: theirsOf(merged.theirs, last?.by ?? null, last?.at) };
}

async function openText(fields: readonly string[], entry: Entry | undefined, locale: Locale, sent: Sent | undefined) {
  const { draft, version = 0 } = entry?.texts[locale] ?? {};
  const now = { base: draft?.no ?? 0, version };
  const saved = Object.fromEntries(fields.map((name) => [name, draft?.body[name] ?? ""]));
  const base = Number(sent?.[`base.${locale}`] ?? Number.NaN);
  if (sent === undefined || !Number.isInteger(base)) return { ...now, values: saved, theirs: undefined };
  const shown = base === now.base ? draft : entry && (await findRevision(db, entry.id, locale, base));
  const merged = merge(fields, {
    typed: (name) => typedIn(sent, `${locale}.${name}`),
    shown: (name) => shown?.body[name],
    saved: (name) => saved[name],
  });
  const theirs = base === now.base ? undefined : theirsOf(merged.theirs, draft?.by ?? null, draft?.at);
  return { ...now, values: merged.values, theirs };
}

type Of = (name: string) => string | undefined;

/** What the boxes hold, and for fields that were changed here and elsewhere what is saved. */
function merge(names: readonly string[], { typed, shown, saved }: { typed: Of; shown: Of; saved: Of }) {
  const values: Values = {};
  const theirs: Values = {};
  for (const name of names) {
    const [mine = "", now = ""] = [typed(name), saved(name)];
    const isTouched = !isSameWording(mine, shown(name));
    values[name] = isTouched ? mine : now;
    if (isTouched && !isSameWording(now, shown(name)) && !isSameWording(mine, now)) theirs[name] = now;
  }
  return { values, theirs };
}

const theirsOf = (values: Values, by: string | null, at: Date | undefined): Theirs | undefined =>
  Object.keys(values).length > 0 ? { by, at, values } : undefined;

/** The facts that a draft's form had shown. */
function shownIn(sent: Sent | undefined): Values | undefined {
  try {
    const shown: unknown = JSON.parse(String(sent?.["shown"]));
    return typeof shown === "object" && shown !== null ? (shown as Values) : undefined;
  } catch {
    return undefined;
  }
}
