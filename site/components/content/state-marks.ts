/** How the state of a language is written: words, and a colour beside them. */

import type { Entry } from "#api/content/entries.ts";
import type { EntryTextState } from "#api/content/states.ts";
import { dayOf, formatDay } from "#db/calendar/days.ts";
import { codes } from "#db/terms/codes.ts";
import { firstWordsOfEntry } from "#db/terms/content-fields.ts";
import { type Locale, locale as locales } from "#db/terms/locale.ts";
import { stateWords } from "#db/words/staff/content.ts";

interface Mark {
  words: string;
  tone: "" | "good" | "warn" | "none";
}

/** The marks of a language: what is public, what is on its way, and what has to be looked at. */
export function marksOf({ code, hasDraft, next, waits, isStale }: EntryTextState): Mark[] {
  const draft: Mark[] = hasDraft ? [{ words: stateWords.draft, tone: "" }] : [];
  const first: Record<EntryTextState["code"], Mark[]> = {
    none: [{ words: stateWords.none, tone: "none" }],
    draft,
    shown: [{ words: hasDraft ? stateWords.shownWithDraft : stateWords.shown, tone: "good" }],
    ended: [{ words: stateWords.ended, tone: "warn" }, ...draft],
    withdrawn: [{ words: stateWords.withdrawn, tone: "" }],
  };
  return [
    ...first[code],
    ...(next ? [{ words: stateWords.next(formatDay(dayOf(next.at))), tone: "" } as const] : []),
    ...(waits ? [{ words: stateWords.waits, tone: "warn" } as const] : []),
    ...(isStale ? [{ words: stateWords.stale, tone: "warn" } as const] : []),
  ];
}

/** What an entry is called in lists, in the first language that has words for it. */
export function titleOf(entry: Pick<Entry, "kind" | "texts">): { words: string; locale: Locale } | undefined {
  for (const locale of codes(locales)) {
    const words = firstWordsOfEntry(entry.kind, entry.texts[locale].draft?.body ?? {});
    if (words !== "") return { words, locale };
  }
  return undefined;
}

/** What a card says of a list: how many entries are public, and what waits. */
export function stateSummary(all: readonly Entry[]) {
  const entries = all.filter(({ archivedAt }) => archivedAt === null);
  const isAny = ({ texts }: Entry, is: (state: EntryTextState) => boolean) =>
    Object.values(texts).some(({ state }) => is(state));
  const count = (is: (state: EntryTextState) => boolean) => entries.filter((entry) => isAny(entry, is)).length;
  const next = entries
    .flatMap((entry) =>
      Object.values(entry.texts).flatMap(({ locale, state }) =>
        state.next ? [{ entry, locale, at: state.next.at }] : [],
      ),
    )
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())[0];
  return {
    all: entries.length,
    shown: count(({ code }) => code === "shown"),
    drafts: count(({ hasDraft }) => hasDraft),
    waits: count(({ waits }) => waits !== undefined),
    ended: count(({ code }) => code === "ended"),
    stale: count(({ isStale }) => isStale),
    next,
  };
}
