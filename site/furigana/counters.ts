/** Numbers change how what they count is read: 3日 is みっか, 10分 じゅっぷん, 2人 ふたり. */

import { readingOfDay } from "#db/calendar/days.ts";
import type { Piece } from "./glossary.ts";

type Counter = (count: number, isDate: boolean) => { whole?: string | undefined; reading?: string };

const counters: Record<string, Counter> = {
  日: (count, isDate) => ({ whole: count === 1 && !isDate ? "いちにち" : readingOfDay(count), reading: "にち" }),
  分: (count) => ({ reading: /[2579]$/u.test(String(count)) ? "ふん" : "ぷん" }),
  人: (count) => ({ whole: [undefined, "ひとり", "ふたり"][count], reading: "にん" }),
  通: () => ({ reading: "つう" }),
  校: () => ({ reading: "こう" }),
  件: () => ({ reading: "けん" }),
  階: (count) => ({ reading: count % 10 === 3 ? "がい" : "かい" }),
};

/** A number with what it counts at this place; undefined if there is none. `isDate`: a month stands before. */
export function counted(text: string, at: number): Piece[] | undefined {
  const [, number = "", counter = ""] = /^([0-9０-９]+ ?)([日分人通校件階])/u.exec(text.slice(at, at + 12)) ?? [];
  if (number === "" || /[0-9０-９.,]/u.test(text.charAt(at - 1))) return undefined;
  const { whole, reading } =
    counters[counter]?.(Number(number.normalize("NFKC")), /月 ?$/u.test(text.slice(0, at))) ?? {};
  return whole === undefined ? [[number], [counter, reading]] : [[number + counter, whole]];
}
