/** All that happened in a case as one list, oldest first. */

import type { openCase } from "#api/cases/case.ts";
import { formatDay, wallClock } from "#db/calendar/days.ts";
import { caseState, closureReason } from "#db/terms/cases.ts";
import { contactField } from "#db/terms/contacts.ts";
import { deliveryKind, deliveryState } from "#db/terms/mail.ts";
import { promiseEndReason } from "#db/terms/promises.ts";
import { refusalInWords } from "#emails/ledger/refusal-words.ts";

export type OpenedCase = Awaited<ReturnType<typeof openCase>>;
type Entry = OpenedCase["entries"][number];
type Message = OpenedCase["messages"][number];
type Request = OpenedCase["consultations"][number];

/** A promise as it stands below the words that it answers. */
export interface PromiseLine {
  isOpen: boolean;
  /** YYYY-MM-DD, Asia/Tokyo. */
  dueDay: string;
  text: string;
}

export type TimelineEvent = { id: string; at: Date; isNew?: boolean } & (
  | { kind: "request"; request: Request; promise: PromiseLine | undefined }
  | { kind: "addition"; message: Message; promise: PromiseLine | undefined }
  | { kind: "reply"; message: Message }
  | { kind: "entry" | "memo"; entry: Entry }
  | { kind: "change"; text: string; isFailure: boolean; mayResend: boolean }
);

/** A run of three or more changes in a row is folded. */
export type TimelineItem = { folded: TimelineEvent[] } | { event: TimelineEvent };

/**
 * The list, and the id of the event at which the page opens: the oldest words that wait, or else the newest event. What was
 * written after `since` is new: it came while the reader wrote a reply, which was refused for it.
 */
export function timelineOf(found: OpenedCase, since?: Date): { items: TimelineItem[]; nowId: string | undefined } {
  const events = [...requests(found), ...messagesIn(found), ...entriesIn(found), ...changes(found)]
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
    .map((event) => ({ ...event, isNew: since !== undefined && writtenAt(event) > since }));
  const waits = events.find((event) => "promise" in event && event.promise?.isOpen === true);
  return {
    items: fold(events),
    nowId: (waits ?? events.findLast(({ kind }) => kind !== "change") ?? events.at(-1))?.id,
  };
}

/** An entry may stand where the call was, before it was written. */
const writtenAt = (event: TimelineEvent): Date => ("entry" in event ? event.entry.createdAt : event.at);

function fold(events: TimelineEvent[]): TimelineItem[] {
  const items: TimelineItem[] = [];
  let run: TimelineEvent[] = [];
  const flush = () => {
    items.push(...(run.length >= 3 ? [{ folded: run }] : run.map((event) => ({ event }))));
    run = [];
  };
  for (const event of events) {
    if (event.kind === "change" && !event.isFailure && !event.isNew) run.push(event);
    else {
      flush();
      items.push({ event });
    }
  }
  flush();
  return items;
}

const requests = (found: OpenedCase): TimelineEvent[] =>
  found.consultations.map((request) => ({
    id: request.id,
    at: request.receivedAt,
    kind: "request",
    request,
    promise: promiseFor(found, (one) => one.consultationId === request.id && one.messageId === null),
  }));

const messagesIn = (found: OpenedCase): TimelineEvent[] =>
  found.messages.map((message) => ({
    id: message.id,
    at: message.writtenAt,
    ...(message.staffId === null
      ? { kind: "addition", message, promise: promiseFor(found, ({ messageId }) => messageId === message.id) }
      : { kind: "reply", message }),
  }));

/** A note stands where it was written, a call where it happened. The case has them newest first. */
const entriesIn = ({ entries }: OpenedCase): TimelineEvent[] =>
  entries
    .map((entry): TimelineEvent =>
      entry.channel === "note"
        ? { id: entry.id, at: entry.createdAt, kind: "memo", entry }
        : { id: entry.id, at: happened(entry), kind: "entry", entry },
    )
    .toReversed();

/** Entries say when to the minute: one written down in the same minute stands where it was written. */
const happened = ({ happenedAt, createdAt }: Entry) =>
  wallClock(happenedAt) === wallClock(createdAt) ? createdAt : happenedAt;

function promiseFor(
  { promises }: OpenedCase,
  fits: (promise: OpenedCase["promises"][number]) => boolean,
): PromiseLine | undefined {
  const promise = promises.find(fits);
  if (promise === undefined) return undefined;
  const { dueDay, keptAt, endedAt, endReason } = promise;
  const day = formatDay(dueDay);
  if (keptAt !== null) return { isOpen: false, dueDay, text: `お返事の約束（${day}まで）を果たしました` };
  if (endedAt !== null)
    return { isOpen: false, dueDay, text: `お返事の約束を終えました: ${endReason ? promiseEndReason[endReason] : ""}` };
  return { isOpen: true, dueDay, text: `お返事の約束（${day}まで）。まだ届いていません` };
}

function changes({ changes: rows, closures, mails }: OpenedCase): TimelineEvent[] {
  const change = (id: string, at: Date, text: string, isFailure = false, mayResend = false): TimelineEvent => ({
    ...{ id, at, kind: "change", text, isFailure, mayResend },
  });
  const last = mails.findLast(isToFamily);
  const label = (state: string | null) => caseState[state as keyof typeof caseState] ?? "";
  return [
    ...rows.map(({ id, at, action, by, from, to, whom, role, fields, empty }) =>
      change(
        `change-${id}`,
        at,
        action === "correct_contact"
          ? `${fieldsIn(fields)}を直しました（${by ?? ""}）`
          : action === "write_side_note"
            ? `「必ず読む」を${empty === "true" ? "消しました" : "書きました"}（${by ?? ""}）`
            : action === "change_state"
              ? `状態: ${label(from)} → ${label(to)}（${by ?? ""}）`
              : action === "assign"
                ? `${whom ?? ""} が${role === "helper" ? "手伝いに加わりました" : "担当になりました"}${whom === by ? "" : `（${by ?? ""}）`}`
                : `${whom ?? ""} が${role === "helper" ? "手伝い" : "担当"}をはずれました${whom === by ? "" : `（${by ?? ""}）`}`,
      ),
    ),
    ...closures.flatMap(({ closure, by }) => [
      change(`closed-${closure.id}`, closure.closedAt, `${by} が終了: ${closureReason[closure.reason]}`),
      ...(closure.reopenedAt === null
        ? []
        : [
            change(
              `reopened-${closure.id}`,
              closure.reopenedAt,
              closure.reopenedBy === null ? "ご家族の書き足しで、相談が開きました" : "再開しました",
            ),
          ]),
    ]),
    ...mails.map((mail) => {
      const about = mail.kind === "staff_notice" && mail.aboutMessageId !== null ? "（書き足し）" : "";
      const why = isToFamily(mail) ? refusalInWords(mail) : "";
      const text = `${deliveryKind[mail.kind]}${about}: ${deliveryState[mail.state]}${why && `。${why}`}`;
      return change(mail.id, mail.finishedAt ?? mail.queuedAt, text, isRefused(mail), isRefused(mail) && mail === last);
    }),
  ];
}

/** "email,phone" → 「メールアドレスと電話番号」, as the audit trail has the fields of a correction. */
const fieldsIn = (fields: string | null) =>
  (fields ?? "")
    .split(",")
    .map((field) => contactField[field as keyof typeof contactField] ?? field)
    .join("と");

type Mail = OpenedCase["mails"][number];

const isToFamily = ({ kind }: Mail) => kind === "receipt" || kind === "reply_notice";
const isRefused = (mail: Mail) => isToFamily(mail) && (mail.state === "failed" || mail.state === "suppressed");

/** The last mail to the family was refused: the address does not work. */
export function isAddressRefused({ mails }: OpenedCase): boolean {
  const last = mails.findLast(isToFamily);
  return last !== undefined && isRefused(last);
}
