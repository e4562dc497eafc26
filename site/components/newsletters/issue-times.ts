/** When what happened to an issue, and what is to happen, in words. */

import { formatDateTime, momentInTokyo } from "#db/calendar/days.ts";
import { newsletterState, type NewsletterState } from "#db/terms/mail.ts";
import { writingWords } from "#db/words/staff/newsletter-writing.ts";
import { staffNewsletterWords } from "#db/words/staff/newsletters.ts";
import { type Newsletter, type Progress, shownState } from "#emails/newsletters/newsletters.ts";

type Shown = Pick<Newsletter, "state" | "createdAt" | "savedAt" | "startAt" | "sentAt" | "finishedAt" | "audience"> & {
  isMissed: boolean;
  progress: Progress | undefined;
};

const at = (instant: Date | null) => (instant === null ? "" : formatDateTime(instant));

/** One or two short sentences, the latest event last. */
export function timesOf(issue: Shown): string[] {
  const began = `${at(issue.sentAt)} に送り始めました`;
  const ends: Record<ReturnType<typeof shownState>, string[]> = {
    draft: [`${at(issue.savedAt ?? issue.createdAt)} に保存しました`],
    scheduled: [`${at(issue.startAt)} に送り始めます`],
    undecided: issue.isMissed ? [`${at(issue.startAt)} に送る予定でした`] : [began, othersEnded(issue)],
    sending: [began],
    paused: [began],
    sent: [began, ...(issue.finishedAt ? [`${at(issue.finishedAt)} に送り終わりました`] : [])],
    cancelled: [began, "途中で取りやめました"],
  };
  return ends[shownState(issue)];
}

const othersEnded = ({ audience, progress }: Shown) =>
  staffNewsletterWords.othersEnded((audience ?? 0) - (progress?.undecided ?? 0));

/** The word and the colour of the state that an issue is shown in. */
export function tagOf(issue: Shown): { label: string; tone: "" | "good" | "warn" } {
  const state = shownState(issue);
  return state === "undecided"
    ? { label: writingWords.undecided, tone: "warn" }
    : { label: newsletterState[state], tone: stateTones[state] };
}

const stateTones: Record<NewsletterState, "" | "good" | "warn"> = {
  draft: "",
  scheduled: "warn",
  sending: "warn",
  paused: "warn",
  sent: "good",
  cancelled: "",
};

/** In which states what the page says after these presses is still true. */
const noticeStates: Record<string, readonly NewsletterState[]> = {
  ...{ scheduled: ["scheduled"], starting: ["scheduled"], unscheduled: ["draft"] },
  ...{ paused: ["paused"], resumed: ["sending"], cancelled: ["cancelled"] },
};

/** The codes in `?done=` whose sentence is not true of an issue in this state: it has moved on since. */
export const outdatedNotices = (state: NewsletterState): string[] =>
  Object.keys(noticeStates).filter((code) => !noticeStates[code]?.includes(state));

/** "14:05:09", the clock on the wall in Tokyo. */
export const clockTime = (instant: Date): string => momentInTokyo(instant).slice(11, 19);

/** How fast mails go out: by the second or, where that were a fraction, by the minute. */
export const sendRateInWords = (perSecond: number): string =>
  perSecond >= 1 ? `1 秒に ${Math.round(perSecond)} 通` : `1 分に ${Math.max(1, Math.round(perSecond * 60))} 通`;

/** "1 分以内", "約 12 分", "約 3 時間 20 分". */
export function durationInWords(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  if (minutes <= 1) return "1 分以内";
  if (minutes < 60) return `約 ${minutes} 分`;
  const rest = Math.round((minutes % 60) / 10) * 10;
  const hours = Math.floor(minutes / 60) + (rest === 60 ? 1 : 0);
  return `約 ${hours} 時間${rest % 60 === 0 ? "" : ` ${rest} 分`}`;
}
