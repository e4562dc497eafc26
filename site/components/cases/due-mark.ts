/** The sign that says whose turn it is and until when, the same in lists, on the strip of a case and on its pages. */

import type { Owed } from "#api/promises/owed.ts";
import { formatDay } from "#db/calendar/days.ts";
import { turn } from "#db/terms/promises.ts";

/** `late`, `today`, `ours` (later than today), `theirs` (the family's turn) or `none`; staff-lists.css draws each. */
export type Tone = "late" | "today" | "ours" | "theirs" | "none";

export const toneOf = (owed: Owed, today: string): Tone => {
  if (owed.turn === "ours") return owed.isOverdue ? "late" : owed.dueDay === today ? "today" : "ours";
  return owed.turn === "family" ? "theirs" : "none";
};

/** Short, for the first column of a list. */
export function dueMark(owed: Owed, today: string): { tone: Tone; text: string } {
  const tone = toneOf(owed, today);
  if (tone === "today") return { tone, text: "今日" };
  return { tone, text: owed.dueLabel || (owed.turn === "unread" ? "期限なし" : turn[owed.turn]) };
}

/** In words, for the strip of a case: 「お返事 あと2日（12月1日（火））」. */
export function dueInWords(owed: Owed, today: string): string {
  if (owed.dueDay === null) return "";
  const tone = toneOf(owed, today);
  return tone === "today" ? "お返事 今日まで" : `お返事 ${owed.dueLabel}・${formatDay(owed.dueDay)}`;
}
