/** Prefectures, municipalities and wards of Japan, read from municipalities.tsv once, when they are first asked for. */

import { readFileSync } from "node:fs";

export interface Place {
  /** JIS X 0402 without its check digit, five digits as text ("33100"); of a prefecture the first two ("33"). */
  code: string;
  /** As it is written, with its 市町村区 or 都道府県: 岡山市. */
  name: string;
  /** The whole name in hiragana: おかやまし. */
  reading: string;
  /** Without City, Town, Village or Ward: Okayama. */
  english: string;
}

export type Prefecture = Place;

export interface Municipality extends Place {
  /** The code of its prefecture. */
  prefecture: string;
  /** Of a ward of a designated city: the code of the city. The 23 wards of Tokyo are municipalities and have none. */
  parent: string | undefined;
  /** First and last day (YYYY-MM-DD, Asia/Tokyo) of this code; undefined: since before 2010-04-01, and until now. */
  validFrom: string | undefined;
  validUntil: string | undefined;
  /** The codes after it, from the day after `validUntil` on. */
  became: readonly string[];
  /** What the change was: a new code for the same place, a part of another, or a part of several. */
  change: "renumbered" | "merged" | "split" | undefined;
}

/** Six villages of the Northern Territories, which have codes but no residents: known by code, offered on no form. */
export const northernTerritories: readonly string[] = ["01695", "01696", "01697", "01698", "01699", "01700"];

interface Places {
  prefectures: readonly Prefecture[];
  /** By code, in the order of codes; wards and codes that are valid no longer among them. */
  municipalities: ReadonlyMap<string, Municipality>;
}

/** Comments and the line of column names hold no digits at their beginning. */
function read(): Places {
  const text = readFileSync(new URL("municipalities.tsv", import.meta.url), "utf8");
  const lines = text
    .split("\n")
    .filter((line) => /^\d/u.test(line))
    .map((line) => line.split("\t"));
  const places = lines.map(([code = "", name = "", reading = "", english = "", ...rest]) => ({
    place: { code, name, reading, english },
    rest: rest.map((value) => value || undefined),
  }));
  const municipalities = places
    .filter(({ place }) => place.code.length === 5)
    .map(({ place, rest: [parent, validFrom, validUntil, became, change] }) => ({
      ...place,
      ...{ prefecture: place.code.slice(0, 2), parent, validFrom, validUntil, became: became?.split(",") ?? [] },
      change: change as Municipality["change"],
    }));
  return {
    prefectures: places.filter(({ place }) => place.code.length === 2).map(({ place }) => place),
    municipalities: new Map(municipalities.map((one) => [one.code, one])),
  };
}

let cache: Places | undefined;
const places = (): Places => (cache ??= read());

/** All 47, in the order of their codes. */
export const prefectures = (): readonly Prefecture[] => places().prefectures;

/** The prefecture of a code of two digits ("33"), or of any longer one that begins with it; undefined for no such. */
export const findPrefecture = (code: string): Prefecture | undefined =>
  prefectures().find((one) => one.code === code.slice(0, 2));

/** A municipality or ward by its five digits, valid still or formerly; undefined for no such. */
export const findMunicipality = (code: string): Municipality | undefined => places().municipalities.get(code);

/** Codes of 2024-01-01, and those that ended since 2010-04-01. */
export const allMunicipalities = (): Municipality[] => [...places().municipalities.values()];

const isValidOn = ({ validFrom = "", validUntil = "9999" }: Municipality, day: string) =>
  validFrom <= day && day <= validUntil;

/**
 * What a form of this prefecture ("33") offers on a day (YYYY-MM-DD, Asia/Tokyo): cities, towns, villages and the wards
 * of Tokyo in the order of their codes, without the wards of designated cities and the Northern Territories.
 */
export const municipalitiesOf = (prefecture: string, day: string): Municipality[] =>
  allMunicipalities().filter(
    (one) =>
      one.prefecture === prefecture &&
      one.parent === undefined &&
      isValidOn(one, day) &&
      !northernTerritories.includes(one.code),
  );

/** The wards of a designated city on a day; empty for any other municipality. */
export const wardsOf = (city: string, day: string): Municipality[] =>
  allMunicipalities().filter((one) => one.parent === city && isValidOn(one, day));

/**
 * The code under which a figure of that day (YYYY-MM-DD, Asia/Tokyo; absent: the newest) counts a stored code; the stored
 * row is never rewritten. A code that another has replaced by then is followed to the newest. A ward that went to several
 * (北区 of 浜松市) counts for its city, since nobody can know which of them the family lives in; a municipality that did
 * would stay as it was. Unknown codes, "other" among them, come back unchanged.
 */
export function foldToCurrent(code: string, day = "9999-12-31"): string {
  const found = findMunicipality(code);
  const [next, ...others] = found?.became ?? [];
  if (found === undefined || next === undefined || isValidOn(found, day)) return code;
  return others.length === 0 ? foldToCurrent(next, day) : (found.parent ?? code);
}

/** The same, with every ward of a designated city counted for the city. */
export function foldToCity(code: string, day?: string): string {
  const current = foldToCurrent(code, day);
  return findMunicipality(current)?.parent ?? current;
}

/**
 * The municipalities of an area that was chosen by their codes, as they are on a day: a code that another has replaced
 * since counts for that one, each once, in the order of codes. What has no code is left out.
 */
export function areaOn(codes: readonly string[], day: string): Municipality[] {
  const current = [...new Set(codes.map((code) => foldToCurrent(code, day)))].toSorted();
  return current.flatMap((code) => findMunicipality(code) ?? []).filter((one) => isValidOn(one, day));
}
