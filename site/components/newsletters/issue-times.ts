/** When what happened to an issue, and what is to happen, in words. */

import { formatDateTime } from "#db/calendar/days.ts";
import type { NewsletterState } from "#db/terms/mail.ts";
import type { Newsletter } from "#emails/newsletters/newsletters.ts";

type Times = Pick<Newsletter, "state" | "createdAt" | "savedAt" | "startAt" | "sentAt" | "finishedAt"> & {
  isMissed?: boolean;
};

const at = (instant: Date | null) => (instant === null ? "" : formatDateTime(instant));

/** One or two short sentences, the latest event last. */
export function timesOf(issue: Times): string[] {
  const began = `${at(issue.sentAt)} に送り始めました`;
  const ends: Record<NewsletterState, string[]> = {
    draft: [`${at(issue.savedAt ?? issue.createdAt)} に保存しました`],
    scheduled: [`${at(issue.startAt)} に${issue.isMissed ? "送る予定でした" : "送り始めます"}`],
    sending: [began],
    paused: [began],
    sent: [began, ...(issue.finishedAt ? [`${at(issue.finishedAt)} に送り終わりました`] : [])],
    cancelled: [began, "途中で取りやめました"],
  };
  return ends[issue.state];
}

export const stateTones: Record<NewsletterState, "" | "good" | "warn"> = {
  draft: "",
  scheduled: "warn",
  sending: "warn",
  paused: "warn",
  sent: "good",
  cancelled: "",
};

/** "1 分以内", "約 12 分", "約 3 時間 20 分". */
export function durationInWords(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  if (minutes <= 1) return "1 分以内";
  if (minutes < 60) return `約 ${minutes} 分`;
  const rest = Math.round((minutes % 60) / 10) * 10;
  const hours = Math.floor(minutes / 60) + (rest === 60 ? 1 : 0);
  return `約 ${hours} 時間${rest % 60 === 0 ? "" : ` ${rest} 分`}`;
}
