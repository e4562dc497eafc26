/** One case as a peer who helps in it is shown it. */

import { and, asc, eq } from "drizzle-orm";
import { visibleTo } from "#api/case-access/visible.ts";
import { type EntryBody, entriesShownTo } from "#api/entries/entries.ts";
import { holdersIn } from "#api/holders/responsible.ts";
import { markCaseRead } from "#api/holders/unread.ts";
import { type Reminder, remindersOf } from "#api/reminders/reminders.ts";
import { type SideNote, sideNoteOf } from "#api/side-notes/side-notes.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { dayOf } from "#db/calendar/days.ts";
import { type Executor, transaction } from "#db/client.ts";
import { firstOrNotFound, NotFound } from "#db/errors.ts";
import { isId } from "#db/random/ids.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { leads } from "#db/schema/leads.ts";
import { type Brief, briefIn } from "./brief.ts";
import { familiesOf, type Family } from "./family.ts";
import { newsFor } from "./news.ts";

type ShownEntry = Awaited<ReturnType<typeof entriesShownTo>>[number];

/** An entry that a coordinator shows to peers, or that the peer wrote. */
export type PeerEntry = Pick<ShownEntry, "id" | "channel" | "fromParty" | "toParty" | "outcome" | "author"> &
  EntryBody & {
    /** When it happened. */
    at: Date;
    isOwn: boolean;
  };

/** What is to be done next, by this peer or written down by them. */
export type PeerReminder = Pick<Reminder, "id" | "what" | "dueDay" | "owner" | "doneAt" | "silencedAt">;

/**
 * All that a peer is shown of a case. Whatever is not named here stays with the coordinators: the request and the
 * messages, telephone number and address, what is owed, mails, receipt codes, changes, closures and other entries.
 */
export interface PeerCase {
  id: string;
  family: Family;
  /** Name of who is responsible, to ask; null where nobody is. */
  responsible: string | null;
  brief: Brief | null;
  /** What every reader must know; an empty text where there is nothing. */
  sideNote: SideNote;
  /** Oldest first. */
  entries: PeerEntry[];
  /** By their day, done ones too. */
  reminders: PeerReminder[];
}

/** What is left of a case whose family was erased. */
export interface ErasedPeerCase {
  id: string;
  reference: string;
}

/**
 * One case for a peer who helps in it; the view is audited, and the case is read by them. `erased` in place of `found`
 * where the family's words were erased. Throws NotFound for a case in which they do not help, and Forbidden for
 * every other role.
 */
export async function openCaseAsPeer(
  peer: Staff,
  id: string,
  now = new Date(),
): Promise<{ found: PeerCase; erased?: undefined } | { found?: undefined; erased: ErasedPeerCase }> {
  allow(peer, "peer");
  if (!isId(id)) throw new NotFound("case");
  return transaction(async (tx) => {
    const reference = await referenceOf(tx, peer, id);
    await audit(tx, peer, "view", "case", id);
    const opened = (await familiesOf(tx, peer, [id])).get(id);
    if (opened === undefined) return { erased: { id, reference } };
    // Read before the words, so that what is committed in between is shown and still counts as unread.
    const news = (await newsFor(tx, peer.id, [id])).get(id);
    const { family, key } = opened;
    const found: PeerCase = {
      id,
      family,
      responsible: (await holdersIn(tx, id, dayOf(now))).responsible?.name ?? null,
      brief: await briefIn(tx, id, key),
      sideNote: await sideNoteOf(tx, id, key),
      entries: (await entriesShownTo(tx, id, key, peer.id)).map((entry) => toPeerEntry(entry, peer)).toReversed(),
      reminders: (await remindersOf(peer, id, dayOf(now), tx)).map(toPeerReminder),
    };
    await markCaseRead(tx, peer, id, news?.newestAt ?? now);
    return { found };
  });
}

function toPeerEntry(entry: ShownEntry, peer: Staff): PeerEntry {
  const { id, happenedAt: at, channel, fromParty, toParty, outcome, body, author } = entry;
  const { who, whom, what } = body;
  return { id, at, channel, fromParty, toParty, outcome, who, whom, what, author, isOwn: entry.authorId === peer.id };
}

/** Field by field, so that nothing that is added to a reminder reaches a peer unasked. */
const toPeerReminder = ({ id, what, dueDay, owner, doneAt, silencedAt }: Reminder): PeerReminder => ({
  id,
  what,
  dueDay,
  owner,
  doneAt,
  silencedAt,
});

/** Throws NotFound for a case in which the peer does not help. */
async function referenceOf(tx: Executor, peer: Staff, id: string): Promise<string> {
  const { reference } = firstOrNotFound(
    await tx
      .select({ reference: leads.reference })
      .from(cases)
      .innerJoin(consultations, eq(consultations.caseId, cases.id))
      .innerJoin(leads, eq(leads.id, consultations.leadId))
      .where(and(eq(cases.id, id), visibleTo(peer)))
      .orderBy(asc(leads.receivedAt))
      .limit(1),
  );
  return reference ?? "";
}
