/**
 * What a text is at a moment: shown, waiting for its day or its consent, withdrawn, or a draft. What is public comes from
 * the view content_periods alone; here it only gets its name.
 */

import { dayOf } from "#db/calendar/days.ts";
import type { contentPeriods, contentTexts } from "#db/schema/content.ts";

/**
 * none: nothing was written. draft: nothing of it is public. shown: it is public. ended: the consent to what was public
 * ended or was taken back. withdrawn: staff took it off.
 */
export type TextCode = "none" | "draft" | "shown" | "ended" | "withdrawn";

export interface EntryTextState {
  code: TextCode;
  /** The revision that is public now. */
  shownNo: number | undefined;
  /** The last day (YYYY-MM-DD in Asia/Tokyo) of the consent to it, or of the consent that ended. */
  lastDay: string | undefined;
  /** A revision that becomes public at a moment to come. */
  next: { no: number; at: Date } | undefined;
  /** A revision that becomes public once a consent to it is recorded, at the earliest at `at`. */
  waits: { no: number; at: Date } | undefined;
  /** The newest revision is neither public nor on its way. */
  hasDraft: boolean;
  /** A translation of a Japanese text that has changed since. */
  isStale: boolean;
}

type Period = Pick<
  typeof contentPeriods.$inferSelect,
  "revisionNo" | "shownFrom" | "shownTo" | "needsConsent" | "lastDay"
>;
type Pointers = Pick<typeof contentTexts.$inferSelect, "scheduledNo" | "publishAt" | "withdrawnAt">;

/** Composed letters, one kind of line break, no blanks at the ends of lines: what nobody would call a change. */
const normal = (text: string): string =>
  text
    .normalize("NFC")
    .replaceAll(/\r\n?/gu, "\n")
    .replaceAll(/[^\S\n]+$/gmu, "")
    .trim();

/** Whether two texts differ in more than line breaks and trailing blanks. */
export const isSameWording = (one = "", other = ""): boolean => normal(one) === normal(other);

/** The same for all fields of two revisions; a field that one of them does not have counts as empty. */
export const isSameBody = (one: Record<string, string>, other: Record<string, string>): boolean =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])].every((name) => isSameWording(one[name], other[name]));

interface Known {
  /** The newest revision; 0 where there is none. */
  draftNo: number;
  row: Pointers | undefined;
  periods: readonly Period[];
  needsConsent: boolean;
  /** Whether a revision was invented for the sample, which is over. */
  isHidden: (no: number) => boolean;
}

/** The state of a text at a moment, but for `isStale`. */
export function stateOfText(known: Known, now: Date): Omit<EntryTextState, "isStale"> {
  const { draftNo, row, periods, needsConsent, isHidden } = known;
  const isNow = ({ shownFrom, shownTo }: Period) =>
    (shownFrom === null || shownFrom <= now) && (shownTo === null || shownTo > now);
  const current = periods.find((period) => isNow(period) && !isHidden(period.revisionNo));
  const later = periods.find(({ shownFrom }) => shownFrom !== null && shownFrom > now);
  const isShown = current !== undefined && isConsented(current, now);
  const next = later?.shownFrom && isConsented(later, later.shownFrom) ? later : undefined;
  const scheduledNo = row?.scheduledNo ?? undefined;
  const waits = needsConsent && next === undefined && scheduledNo !== current?.revisionNo;
  return {
    code: codeOf(known, current, isShown),
    shownNo: isShown ? current.revisionNo : undefined,
    lastDay: current?.lastDay ?? undefined,
    next: next?.shownFrom ? { no: next.revisionNo, at: next.shownFrom } : undefined,
    waits: waits && scheduledNo !== undefined && row?.publishAt ? { no: scheduledNo, at: row.publishAt } : undefined,
    hasDraft: draftNo > 0 && draftNo !== scheduledNo && !(isShown && current.revisionNo === draftNo),
  };
}

const isConsented = ({ needsConsent, lastDay }: Period, at: Date): boolean =>
  !needsConsent || (lastDay !== null && lastDay >= dayOf(at));

function codeOf({ draftNo, row }: Known, current: Period | undefined, isShown: boolean): TextCode {
  if (draftNo === 0) return "none";
  if (row?.withdrawnAt) return "withdrawn";
  if (current === undefined) return "draft";
  return isShown ? "shown" : "ended";
}
