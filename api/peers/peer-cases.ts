/** The start page of a peer: the cases in which they help. */

import { inArray } from "drizzle-orm";
import { holdersOf } from "#api/holders/responsible.ts";
import { dueRemindersAmong } from "#api/reminders/reminders.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { dayOf } from "#db/calendar/days.ts";
import { type Executor, transaction } from "#db/client.ts";
import { briefs } from "#db/schema/briefs.ts";
import { type CaseKey, unseal } from "#db/vault/vault.ts";
import { familiesOf, type Family } from "./family.ts";
import { isUnread, newsFor } from "./news.ts";

/** How much of a brief the list shows. */
const startLength = 80;

export interface PeerCaseRow extends Family {
  id: string;
  /** The brief's first characters; "" where none is written. */
  brief: string;
  /** The brief or a shown entry is newer than this peer's last look. */
  isUnread: boolean;
  /** When the newest of those came; null where there is nothing. */
  newestAt: Date | null;
  responsible: string | null;
  /** Theirs, whose day has come. */
  reminder: string | undefined;
}

/**
 * All cases in which this peer helps, in whatever state: first those with something unread, then by the newest thing
 * that they may read. Erased ones are left out. One audit row for the list. Throws Forbidden for every other role.
 */
export async function listPeerCases(peer: Staff, now = new Date()): Promise<PeerCaseRow[]> {
  allow(peer, "peer");
  return transaction(async (tx) => {
    const families = await familiesOf(tx, peer);
    const ids = [...families.keys()];
    if (ids.length === 0) return [];
    const today = dayOf(now);
    const news = await newsFor(tx, peer.id, ids);
    const holders = await holdersOf(tx, ids, today);
    const reminders = await dueRemindersAmong(peer, ids, today, tx);
    const starts = await startsOf(tx, families);
    await audit(tx, peer, "view", "case", null, { list: "peer", count: ids.length });
    return ids
      .flatMap((id) => {
        const [opened, came] = [families.get(id), news.get(id)];
        if (opened === undefined || came === undefined) return [];
        return [
          {
            id,
            ...opened.family,
            brief: starts.get(id) ?? "",
            isUnread: isUnread(came),
            newestAt: came.newestAt,
            responsible: holders.get(id)?.responsible?.name ?? null,
            reminder: reminders.get(id)?.[0]?.what,
          },
        ];
      })
      .toSorted(
        (a, b) =>
          Number(b.isUnread) - Number(a.isUnread) || (b.newestAt?.getTime() ?? 0) - (a.newestAt?.getTime() ?? 0),
      );
  });
}

async function startsOf(tx: Executor, families: ReadonlyMap<string, { key: CaseKey }>): Promise<Map<string, string>> {
  const rows = await tx
    .select({ id: briefs.id, caseId: briefs.caseId, body: briefs.body })
    .from(briefs)
    .where(inArray(briefs.caseId, [...families.keys()]));
  return new Map(
    rows.flatMap(({ id, caseId, body }) => {
      const key = families.get(caseId)?.key;
      if (key === undefined) return [];
      const text = [...unseal(key, body, "briefs.body", id).replaceAll(/\s+/gu, " ").trim()];
      return [[caseId, text.length > startLength ? `${text.slice(0, startLength).join("")}…` : text.join("")]];
    }),
  );
}
