/** The replaced texts as managers see them: each section with its languages, their states and their history. */

import { and, desc, eq } from "drizzle-orm";
import { allow, type Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { NotFound } from "#db/errors.ts";
import { staff as people } from "#db/schema/staff.ts";
import { type textChangeKinds, textChanges, textOverrides } from "#db/schema/texts.ts";
import { codes } from "#db/terms/codes.ts";
import { type Locale, locale as locales } from "#db/terms/locale.ts";
import { defaultTextOf, findSection, localesOf, sectionIds, type SectionPage } from "#db/words/sections.ts";
import type { TextSection } from "#db/words/sections/section.ts";
import { comparedDefault, stateOf, type TextState } from "./states.ts";

/** A section in one language. */
export interface TextInLocale {
  locale: Locale;
  state: TextState;
  /** The default today, with placeholders; undefined for a section that is gone. */
  ours: string | undefined;
  /** What replaces it. */
  own?: {
    body: string;
    defaultThen: string;
    release: string;
    /** The default today as it is compared with `defaultThen`. */
    defaultNow: string | undefined;
    by: string | null;
    at: Date;
  };
  /** Number of the last change, 0 before the first: a save names the one that its form showed. */
  version: number;
}

/** A section with all its languages. Without a page it is gone. */
export interface SectionTexts {
  id: string;
  where: string | undefined;
  page: SectionPage | undefined;
  kind: TextSection["kind"];
  weight: TextSection["weight"];
  languages: TextInLocale[];
}

const waiting: readonly TextState[] = ["changed", "unknown", "gone"];

/** Whether a manager has something to decide about it. */
export const isWaiting = (state: TextState): boolean => waiting.includes(state);

/** Every section in the order of the pages; behind them those that are gone and still have a text. For managers. */
export async function listTexts(staff: Staff): Promise<SectionTexts[]> {
  allow(staff, "manager");
  const rows = await readOverrides();
  const gone = [...new Set(rows.map(({ section }) => section))].filter((id) => findSection(id) === undefined);
  return [...sectionIds, ...gone].map((id) => sectionTexts(id, rows));
}

/** One section. Throws NotFound for one that does not exist and has no text. For managers. */
export async function readTexts(staff: Staff, id: string): Promise<SectionTexts> {
  allow(staff, "manager");
  const section = sectionTexts(id, await readOverrides(id));
  if (section.languages.length === 0) throw new NotFound();
  return section;
}

/**
 * What a manager has to decide: first promises that changed, then texts that are not shown as they were written. A changed
 * default of other words is a mark in the list and no task. For managers.
 */
export async function openTextTasks(staff: Staff): Promise<{ section: SectionTexts; text: TextInLocale }[]> {
  const tasks = (await listTexts(staff)).flatMap((section) =>
    section.languages
      .filter(({ state }) => isWaiting(state) && (state !== "changed" || section.weight === "promise"))
      .map((text) => ({ section, text })),
  );
  const isPromise = ({ text }: (typeof tasks)[number]) => text.state === "changed";
  return [...tasks.filter(isPromise), ...tasks.filter((task) => !isPromise(task))];
}

type OverrideRow = Awaited<ReturnType<typeof readOverrides>>[number];

const readOverrides = (section?: string) =>
  db
    .select({
      section: textOverrides.section,
      locale: textOverrides.locale,
      body: textOverrides.body,
      defaultThen: textOverrides.defaultThen,
      release: textOverrides.defaultThenRelease,
      seenDefault: textOverrides.seenDefault,
      version: textOverrides.changeId,
      at: textOverrides.changedAt,
      by: people.name,
    })
    .from(textOverrides)
    .leftJoin(people, eq(people.id, textOverrides.changedBy))
    .where(section === undefined ? undefined : eq(textOverrides.section, section))
    .orderBy(textOverrides.section);

function sectionTexts(id: string, rows: readonly OverrideRow[]): SectionTexts {
  const section = findSection(id);
  const own = rows.filter((row) => row.section === id);
  const shown = section === undefined ? [] : localesOf(section);
  const languages = codes(locales)
    .filter((locale) => shown.includes(locale) || own.some((row) => row.locale === locale))
    .map((locale) =>
      textIn(
        id,
        locale,
        own.find((row) => row.locale === locale),
      ),
    );
  const { where, page, kind = "blocks", weight = "words" } = section ?? {};
  return { id, where, page, kind, weight, languages };
}

function textIn(id: string, locale: Locale, row: OverrideRow | undefined): TextInLocale {
  const state = stateOf(id, locale, row) ?? "gone";
  const shared = { locale, state, ours: defaultTextOf(id, locale), version: row?.version ?? 0 };
  if (row === undefined) return shared;
  const { body, defaultThen, release, by, at } = row;
  return { ...shared, own: { body, defaultThen, release, by, at, defaultNow: comparedDefault(id, locale, body) } };
}

/** One change of a text. */
export interface TextChange {
  id: number;
  locale: Locale;
  /** Null where the default held. */
  before: string | null;
  after: string | null;
  by: string | null;
  at: Date;
  how: (typeof textChangeKinds)[number];
}

/** The changes of a section, the newest first; at most 100 of each language. For managers. */
export async function textHistory(staff: Staff, section: string): Promise<TextChange[]> {
  allow(staff, "manager");
  return db
    .select({
      id: textChanges.id,
      locale: textChanges.locale,
      before: textChanges.before,
      after: textChanges.after,
      at: textChanges.changedAt,
      how: textChanges.how,
      by: people.name,
    })
    .from(textChanges)
    .leftJoin(people, eq(people.id, textChanges.changedBy))
    .where(and(eq(textChanges.section, section)))
    .orderBy(desc(textChanges.id))
    .limit(100);
}
