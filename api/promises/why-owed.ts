/** The sentence that says why it is whose turn. Written from events by this function alone, never by hand. */

import { dayAfter, dayOf, formatDay } from "#db/calendar/days.ts";
import { entryChannel, type entryOutcome } from "#db/terms/cases.ts";
import { promiseEndReason, type Turn } from "#db/terms/promises.ts";
import { daysTried, isUnreachable } from "./end-reasons.ts";

/** A call or visit that reached nobody. */
export interface Attempt {
  channel: keyof typeof entryChannel;
  outcome: keyof typeof entryOutcome;
  at: Date;
}

/** What happened in a case, as far as the sentence tells of it. */
export interface OwedEvents {
  turn: Turn;
  /** The words that wait for an answer, in their order. */
  waiting: { isAddition: boolean; arrivedAt: Date }[];
  /** Since the first of them, in their order. */
  attempts: Attempt[];
  /** The notice by mail of a reply to them was refused. */
  isNoticeRefused: boolean;
  /** A reply to them that no mail announced has not been opened yet. */
  isReplyUnread: boolean;
  /** How the last promise of the case went, where none is open: null when there never was one. */
  last: "kept" | keyof typeof promiseEndReason | null;
}

/** One or two plain sentences in Japanese; "" where nobody has a turn. `today` is YYYY-MM-DD in Asia/Tokyo. */
export function whyOwed(events: OwedEvents, today: string): string {
  switch (events.turn) {
    case "ours":
      return whatWaits(events, today) + whatWasTried(events, today) + whatIsLeft(events);
    case "unread":
      return "お返事のいらないご相談です。まだ担当が決まっていません。読んで、担当を決めてください。";
    case "family":
      return howItWent(events);
    case "nobody":
      return "";
  }
}

function whatWaits({ waiting }: OwedEvents, today: string): string {
  const [first] = waiting;
  if (first === undefined) return "";
  const words = `${dayIn(first.arrivedAt, today)}の${first.isAddition ? "書き足し" : "ご相談"}`;
  return `${words}${waiting.length > 1 ? `など${waiting.length}件` : ""}に、まだお返事が届いていません。`;
}

/** Of several attempts the last one, and how many there were. */
function whatWasTried({ isNoticeRefused, isReplyUnread, attempts }: OwedEvents, today: string): string {
  const last = attempts.at(-1);
  /** Each as it stands before a comma, and at the end of the sentence. */
  const clauses = [
    isNoticeRefused && (["お知らせのメールは届かず", "お知らせのメールは届きませんでした"] as const),
    isReplyUnread && (["サイトに書いたお返事はまだ開かれず", "サイトに書いたお返事は、まだ開かれていません"] as const),
    last && (["", ofAttempt(last, attempts.length, today)] as const),
  ].filter((clause) => clause !== false && clause !== undefined);
  if (clauses.length === 0) return "";
  return `${clauses.map(([open, closed], at) => (at < clauses.length - 1 ? open : closed)).join("、")}。`;
}

/** Once somebody has tried on enough days. */
const whatIsLeft = ({ attempts }: OwedEvents): string =>
  isUnreachable(attempts)
    ? `${daysTried(attempts)}日かけてもつながらないため、「連絡がつかない」として約束を終えることもできます。`
    : "";

function ofAttempt({ channel, outcome, at }: Attempt, count: number, today: string): string {
  const which = `${dayIn(at, today)}の${entryChannel[channel]}`;
  const result = outcome === "left_message" ? `${which}では伝言をお願いしました` : `${which}は留守でした`;
  return count > 1 ? `${result}（あわせて${count}回）` : result;
}

function howItWent({ last }: OwedEvents): string {
  if (last === null) return "お返事のいらないご相談です。";
  const how = last === "kept" ? "お返事は済んでいます。" : `お返事の約束は終えました（${promiseEndReason[last]}）。`;
  return `${how}ご家族からの連絡を待っています。`;
}

/** きょう, きのう, or the day. */
function dayIn(instant: Date, today: string): string {
  const day = dayOf(instant);
  if (day === today) return "きょう";
  return day === dayAfter(today, -1) ? "きのう" : formatDay(day);
}
