/** Readings of the organisation's own words: those of the setting `readings`, of its name, and of the places it serves. */

import { dayOf } from "#db/calendar/days.ts";
import { findPrefecture, municipalitiesOf } from "#db/municipalities/places.ts";
import { oncePerSettings } from "#db/settings/settings.ts";
import { type GlossaryEntry, isKanji } from "./glossary.ts";

const hasKanji = (word: string) => /\p{sc=Han}/u.test(word);

/** Texts of a page are HTML. */
const escapeText = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function entryFor(word: string, reading: string): GlossaryEntry {
  const surface = escapeText(word);
  return {
    pieces: [[surface, reading]],
    surface,
    followers: /./su,
    // One kanji alone may sound otherwise inside a longer word.
    before: word.length === 1 && isKanji(word) ? "apart" : "anything",
    goesOn: "next",
  };
}

/** First letter → the organisation's words that begin there, the longest first. They win over the product's own list. */
export const ownWords = oncePerSettings<void, ReadonlyMap<string, readonly GlossaryEntry[]>>(({ values, name }) => {
  const places = [findPrefecture(values.prefecture), ...municipalitiesOf(values.prefecture, dayOf(new Date()))];
  const words = [
    ...values.readings,
    ...places.flatMap((place) => (place ? [{ word: place.name, reading: place.reading }] : [])),
  ];
  if (values["name.reading"] !== "")
    for (const word of new Set([name.ja, name.easy])) words.push({ word, reading: values["name.reading"] });
  const entries = new Map<string, GlossaryEntry[]>();
  for (const { word, reading } of words) {
    if (!hasKanji(word)) continue;
    const entry = entryFor(word, reading.replaceAll(/\s/gu, ""));
    const first = entry.surface.charAt(0);
    entries.set(first, [...(entries.get(first) ?? []), entry]);
  }
  for (const list of entries.values()) list.sort((one, other) => other.surface.length - one.surface.length);
  return entries;
});
