/** Names of municipalities in the languages of the site, short where that is clear and longer where it is not. */

import type { Locale } from "#db/terms/locale.ts";
import { elsewhere } from "./codes.ts";
import { findMunicipality, findPrefecture, type Municipality, type Place } from "./places.ts";

const kinds: Record<string, string> = {
  ...{ 市: "City", 町: "Town", 村: "Village", 区: "Ward", 県: "Prefecture", 府: "Prefecture" },
};

/** "Okayama City", "Wake Town", "Okayama Prefecture"; Tokyo and Hokkaido stand alone. */
export const fullEnglish = ({ name, english }: Place): string =>
  [english, kinds[name.at(-1) ?? ""]].filter((part) => part !== undefined).join(" ");

/**
 * The name of a stored code: a code that is valid no longer keeps the name it had. Wards carry their city
 * (札幌市北区; Kita, Sapporo). Undefined for unknown codes and "other", for which see `answerName`.
 */
export function municipalityName(code: string, locale: Locale = "ja"): string | undefined {
  const found = findMunicipality(code);
  if (found === undefined) return undefined;
  const city = found.parent === undefined ? undefined : findMunicipality(found.parent);
  if (locale === "en") return [found.english, city?.english].filter((part) => part !== undefined).join(", ");
  return (city?.name ?? "") + found.name;
}

/** 岡山県岡山市, in English "Okayama City, Okayama Prefecture"; a ward with its city between. */
export function nameWithPrefecture(one: Municipality, locale: Locale = "ja"): string {
  const city = one.parent === undefined ? undefined : findMunicipality(one.parent);
  const parts = [one, city, findPrefecture(one.prefecture)].filter((part) => part !== undefined);
  if (locale === "en") return parts.map(fullEnglish).join(", ");
  return parts
    .toReversed()
    .map(({ name }) => name)
    .join("");
}

/**
 * Codes and labels of a list to choose from: with the prefecture when the list spans several (府中市 is in 東京都 and in
 * 広島県), and in English with City, Town or Village where two names would be the same without (府中市 and 府中町), and
 * with the Japanese name where they still are (江差町 and 枝幸町 of 北海道).
 */
export function municipalityOptions(
  list: readonly Municipality[],
  locale: Locale = "ja",
): [code: string, label: string][] {
  const short = (one: Municipality) => municipalityName(one.code, locale) ?? one.name;
  const spansSeveral = new Set(list.map(({ prefecture }) => prefecture)).size > 1;
  if (spansSeveral) return list.map((one) => [one.code, nameWithPrefecture(one, locale)]);
  const bothNames = (one: Municipality) => `${fullEnglish(one)} (${one.name})`;
  const wordings = locale === "en" ? [short, fullEnglish, bothNames] : [short];
  const unique = wordings.map((wording) => {
    const times = Map.groupBy(list, wording);
    return (one: Municipality) => (times.get(wording(one))?.length === 1 ? wording(one) : undefined);
  });
  return list.map((one) => [
    one.code,
    unique.map((label) => label(one)).find((label) => label !== undefined) ?? short(one),
  ]);
}

/** The last choice of such a list: outside the prefectures served. */
export function elsewhereLabel(prefectureCodes: readonly string[], locale: Locale = "ja"): string {
  const served = prefectureCodes.map(findPrefecture).filter((one) => one !== undefined);
  if (served.length === 0) return locale === "en" ? "Somewhere else" : "そのほかの地域";
  return locale === "en"
    ? `Outside ${served.map(fullEnglish).join(" and ")}`
    : `${served.map(({ name }) => name).join("・")}の外`;
}

/**
 * What a page shows for a stored answer: the name; with its prefecture where that is none of those served; the label of
 * elsewhere for "other"; an unknown code as it is, so that nothing disappears.
 */
export function answerName(answer: string, prefectureCodes: readonly string[], locale: Locale = "ja"): string {
  if (answer === elsewhere) return elsewhereLabel(prefectureCodes, locale);
  const found = findMunicipality(answer);
  if (found === undefined) return answer;
  return prefectureCodes.includes(found.prefecture)
    ? (municipalityName(answer, locale) ?? answer)
    : nameWithPrefecture(found, locale);
}
