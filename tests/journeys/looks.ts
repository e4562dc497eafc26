/** Under which conditions each public page is looked at: each condition alone, any two together, or all that there are. */

import type { Locale } from "#db/terms/locale.ts";
import { coveringSet } from "./covering-set.ts";

/** A page by what may matter to how it looks. */
export interface Visited {
  /** The page in any of the languages. */
  route: string;
  language: Locale;
  /** Small letters above hard words. */
  readings: "on" | "off";
}

/** How a browser shows it. */
export interface Conditions {
  width: (typeof widths)[number];
  scheme: "light" | "dark";
  /** The system chooses the colours, as in Windows' contrast themes. */
  forced: "none" | "active";
  text: "100 %" | "200 %";
}

const widths = [320, 360, 768, 1280] as const;

/** All that can be. */
export const conditions: readonly Conditions[] = widths.flatMap((width) =>
  (["light", "dark"] as const).flatMap((scheme) =>
    (["none", "active"] as const).flatMap((forced) =>
      (["100 %", "200 %"] as const).map((text) => ({ width, scheme, forced, text })),
    ),
  ),
);

const plain: Conditions = { width: 1280, scheme: "light", forced: "none", text: "100 %" };

/**
 * One condition at a time, with which every page is looked at: each width, dark, forced colours, enlarged text. The same
 * page with readings over it is looked at where it has the least room.
 */
export function conditionsAlone(readings: Visited["readings"]): Conditions[] {
  const narrow: Conditions = { ...plain, width: 320 };
  const wide = readings === "on" ? narrow : plain;
  return [
    ...(readings === "on" ? [narrow] : widths.map((width) => ({ ...plain, width }))),
    { ...wide, scheme: "dark" },
    { ...wide, forced: "active" },
    { ...plain, width: 360, text: "200 %" },
  ];
}

/**
 * How many of dark, forced colours and enlarged text there are. A covering set without this bound has all three in one look, and
 * none of two alone: forced colours would hide what dark and enlarged do to each other.
 */
const changesIn = ({ scheme, forced, text }: Conditions) =>
  [scheme !== plain.scheme, forced !== plain.forced, text !== plain.text].filter(Boolean).length;

/** A page under conditions. */
export type Look = Visited & Conditions;

/**
 * The looks at these pages: "pairs", a covering set of page, language, readings and conditions, or "everything". Each place
 * stands for all its pages, where several have the same route, language and readings.
 */
export function looksAt(places: readonly Visited[], extent: "pairs" | "everything"): Look[] {
  const all = places.flatMap(({ route, language, readings }) =>
    conditions.map((one) => ({ route, language, readings, ...one })),
  );
  return extent === "everything" ? all : coveringSet(all.filter((one) => changesIn(one) <= 2));
}
