/**
 * Sequences of events in one case, for the table of who is owed an answer. All of it happens in November 2026, in
 * which the 23rd is a holiday: a family asks on Monday the 16th and is promised an answer by Thursday the 19th.
 */

import { desc, eq, inArray } from "drizzle-orm";
import { assign } from "#api/cases/assign.ts";
import { openCase } from "#api/cases/case.ts";
import { close, reopen } from "#api/cases/close.ts";
import { endOwed } from "#api/cases/end-promises.ts";
import { changeState } from "#api/cases/state.ts";
import { correctContact } from "#api/contacts/correct.ts";
import type { ContactForm } from "#api/contacts/forms.ts";
import { addMessage, openCorrespondence, reopenCorrespondence } from "#api/correspondence/correspondence.ts";
import { sendReply } from "#api/correspondence/reply.ts";
import { EntryForm } from "#api/entries/forms.ts";
import { addEntry } from "#api/entries/write-entry.ts";
import { ConsultationForm } from "#api/intake/forms.ts";
import { codeToShow } from "#api/intake/receipt-codes.ts";
import { receiveConsultation } from "#api/intake/receive.ts";
import { eraseCase } from "#api/privacy/erase.ts";
import type { Staff } from "#db/actor.ts";
import { wallClock } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { Gone } from "#db/errors.ts";
import { newId } from "#db/random/ids.ts";
import { cases } from "#db/schema/cases.ts";
import { deliveries } from "#db/schema/mail.ts";
import { messages } from "#db/schema/messages.ts";
import type { PromiseEnd } from "#db/terms/promises.ts";
import { claimBatch, defaultDelays } from "#emails/outbox/outbox.ts";
import type { Outcome } from "#emails/smtp/outcome.ts";
import { finishOne } from "../../emails/fixtures.ts";
import { caseOf } from "../requests.ts";

/** Minute `minute` after eleven on this day of November, in Japan. */
export const november = (day: number, minute = 0) => new Date(Date.UTC(2026, 10, day, 2, minute));

/** How a family asks, by the answer it wants. */
const wishes = {
  mail: { reply_by: "email", email: "hana@example.jp" },
  phone: { reply_by: "phone", phone: "086-000-0000", email: "hana@example.jp" },
  none: { reply_by: "none" },
} as const;
export type Wish = keyof typeof wishes;

export interface Family {
  staff: Staff;
  caseId: string;
  reference: string;
  code: string;
  /** Of the page opened right after asking. */
  pass: string;
}

let networks = 0;
const network = () => `10.77.${(++networks >> 8) & 255}.${networks & 255}`;

export async function familyThatAsked(wish: Wish, staff: Staff): Promise<Family> {
  const now = november(16);
  const form = ConsultationForm.parse({ message: "話を聞いてください。", consent: true, ...wishes[wish] });
  const { reference } = await receiveConsultation(form, { channel: "form", network: network(), key: undefined, now });
  const shown = await codeToShow(reference, now);
  const code = shown.state === "shown" ? shown.code : "";
  const opened = await openCorrespondence({ reference, code }, { network: network(), now });
  return { staff, caseId: await caseOf(reference), reference, code, pass: opened?.pass ?? "" };
}

/** The day promised on the family's page ("19"), "-" without one, "erased" for an erased family. Opens nothing anew. */
export async function promisedTo({ pass }: Family): Promise<string> {
  try {
    return (await reopenCorrespondence(pass, november(16)))?.dueDate?.slice(-2) ?? "-";
  } catch (error) {
    if (error instanceof Gone) return "erased";
    throw error;
  }
}

type Event = (family: Family, now: Date, detail: string) => Promise<unknown>;

const newest = async (caseId: string, offset = 0) => {
  const rows = await db
    .select({ id: messages.id })
    .from(messages)
    .where(eq(messages.caseId, caseId))
    .orderBy(desc(messages.id))
    .offset(offset)
    .limit(1);
  return rows[0]?.id ?? "";
};

const versionOf = async (id: string) =>
  (await db.select({ version: cases.version }).from(cases).where(eq(cases.id, id)))[0]?.version ?? 0;

/** A correction of the contact; what is not named is as the family wrote it in a request that wants a mail. */
const contact = async ({ staff, caseId }: Family, change: Partial<ContactForm>, now: Date) => {
  const as = { email: "hana@example.jp", phone: "086-000-0000", reply_by: "email", resend: false } as const;
  return correctContact(staff, caseId, { ...as, version: await versionOf(caseId), ...change }, now);
};

const owed = (detail: string) => (detail === "" ? undefined : (detail as PromiseEnd));

/** An entry of the journal, with the outcome in `detail`. */
const entry =
  (fields: Record<string, string>, isEarlier = false): Event =>
  ({ staff, caseId }, now, detail) => {
    const call = { channel: "phone", from_party: "staff", to_party: "family", outcome: detail, what: "話した。" };
    const happened = isEarlier ? november(15) : now;
    return addEntry(staff, caseId, EntryForm.parse({ ...call, happened_at: wallClock(happened), ...fields }), now);
  };

const opens: Event = ({ reference, code }, now) => openCorrespondence({ reference, code }, { network: network(), now });

/** Writes the outcome of every notice of a reply that is under way, or of the first; all other mails are accepted. */
async function settleMails(now: Date, state: Outcome["state"], isFirstOnly = false): Promise<void> {
  const delays = { ...defaultDelays, retry: [0], uncertain: 0 };
  const claimed = (await claimBatch("transactional", 1000)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const notices = claimed.filter(({ kind }) => kind === "reply_notice");
  for (const one of claimed) {
    const isOther = isFirstOnly && one.id !== notices[0]?.id;
    const outcome = one.kind !== "reply_notice" ? "accepted" : isOther ? "unreachable" : state;
    await finishOne(one, { state: outcome }, delays, now);
  }
}

const notice: Event = (_, now, detail) => settleMails(now, detail as Outcome["state"]);

/** What may happen. After a colon stands the detail: an outcome, or the reason why a promise ends. */
const events: Record<string, Event> = {
  assign: ({ staff, caseId }, now) => assign(staff, caseId, { staff_id: staff.id }, now),
  reply: async ({ staff, caseId }, now) =>
    sendReply(staff, caseId, { reply: "お返事です。", latest: await newest(caseId), take: true }, now),
  /** From a page opened before the newest message. */
  stale: async ({ staff, caseId }, now) =>
    sendReply(staff, caseId, { reply: "お返事です。", latest: await newest(caseId, 1), take: true }, now),
  notice,
  "first-notice": (_, now, detail) => settleMails(now, detail as Outcome["state"], true),
  /** The receipt, before anything else was mailed. */
  receipt: async (_, now, detail) => {
    for (const one of await claimBatch("transactional", 1000))
      await finishOne(
        one,
        { state: one.kind === "receipt" ? (detail as Outcome["state"]) : "accepted" },
        undefined,
        now,
      );
  },
  /** The refused mail, to the same address. */
  resend: (family, now) => contact(family, { resend: true }, now),
  corrects: (family, now) => contact(family, { email: `${newId()}@example.jp`, resend: true }, now),
  "corrects-only": (family, now) => contact(family, { email: "hanako@example.jp" }, now),
  wants: (family, now, detail) => contact(family, { reply_by: detail as ContactForm["reply_by"] }, now),
  opens,
  adds: async (family, now) => {
    const opened = await openCorrespondence(family, { network: network(), now });
    return addMessage({ pass: opened?.pass ?? "", message: "書き足します。" }, { network: network(), now });
  },
  call: entry({}),
  visit: entry({ channel: "visit" }),
  meeting: entry({ channel: "meeting" }),
  online: entry({ channel: "online" }),
  note: entry({ channel: "note" }),
  "mail-entry": entry({ channel: "email" }),
  incoming: entry({ from_party: "family", to_party: "staff" }),
  school: entry({ to_party: "school" }),
  hospital: entry({ to_party: "medical" }),
  /** A teacher who told us of talking with the family. */
  "by-school": entry({ from_party: "school" }),
  "call-before": entry({}, true),
  waits: async ({ staff, caseId }, now, detail) =>
    changeState(staff, caseId, { state: "waiting", version: await versionOf(caseId), owed: owed(detail) }, now),
  closes: async ({ staff, caseId }, now, detail) =>
    close(staff, caseId, { reason: "settled", version: await versionOf(caseId), owed: owed(detail) }, now),
  reopens: ({ staff, caseId }, now) => reopen(staff, caseId, now),
  ends: async ({ staff, caseId }, now, detail) =>
    endOwed(staff, caseId, { reason: detail as PromiseEnd, version: await versionOf(caseId) }, now),
  erase: ({ staff, caseId }, now) => eraseCase(caseId, { reason: "request", by: staff, now }),
};

/**
 * Lets a sequence happen: "17 reply, notice:failed, 19 call:no_answer". A number is the day from there on, a
 * minute passes between two events, and an event with "!" is refused.
 */
export async function happen(family: Family, sequence: string): Promise<void> {
  let [day, minute] = [16, 1];
  for (const step of sequence.split(", ").filter((step) => step !== "-")) {
    const [, date, name = "", detail = "", refused] = /^(?:(\d+) )?([a-z-]+)(?::([a-z_]+))?(!)?$/u.exec(step) ?? [];
    if (date !== undefined) day = Number(date);
    const event = events[name];
    if (event === undefined) throw new Error(`no such event: ${step}`);
    const result = await event(family, november(day, minute++), detail).then(
      () => "",
      (error: unknown) => (error instanceof Error ? error.name : "?"),
    );
    if (result !== (refused === undefined ? "" : "Refused")) throw new Error(`${step}: ${result || "not refused"}`);
  }
  await settleRest();
}

/** Leaves no mail of this sequence for the senders of the next one: not due before everything is over. */
async function settleRest(): Promise<void> {
  const dueAt = new Date("2099-01-01T00:00:00Z");
  await db
    .update(deliveries)
    .set({ dueAt })
    .where(inArray(deliveries.state, ["queued", "retry"]));
}

/** What the page of the case says at this moment. */
export async function staffSee({ staff, caseId }: Family, now: Date) {
  const { state, owed } = await openCase(staff, caseId, now);
  return { state, ...owed };
}
