/** Writing the brief of a case, and choosing which entries of its journal peers read. */

import { and, eq, isNull } from "drizzle-orm";
import { lockCase } from "#api/case-access/lock.ts";
import { notifyPeers } from "#api/notices/notify.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { formatDateTime } from "#db/calendar/days.ts";
import { type Executor, transaction } from "#db/client.ts";
import { firstOrNotFound, Refused } from "#db/errors.ts";
import { newId } from "#db/random/ids.ts";
import { briefs } from "#db/schema/briefs.ts";
import { entries } from "#db/schema/cases.ts";
import { auditEvents, staff as people } from "#db/schema/staff.ts";
import { seal, unwrap } from "#db/vault/vault.ts";
import { briefIn } from "./brief.ts";
import type { BriefForm } from "./forms.ts";

/**
 * Puts the text in place of the brief of the case, sealed with the case's key; an empty one withdraws it. The peers who
 * help are notified by mail, without content. The same text again changes nothing. Throws Refused, with the name and
 * the time, when somebody wrote or withdrew it after the page was shown (`form.seen`), and for an erased case.
 */
export async function writeBrief(staff: Staff, caseId: string, form: BriefForm, now = new Date()): Promise<void> {
  allow(staff, "manager", "coordinator");
  await transaction(async (tx) => {
    const found = await lockCase(tx, staff, caseId);
    const key = unwrap(found.wrappedKey, "cases.wrapped_key", caseId);
    const before = await briefIn(tx, caseId, key);
    if (before !== null && before.id !== form.seen)
      throw new Refused(
        `${before.by}さんが、${formatDateTime(before.writtenAt)} に申し送りを書きかえました。いまの申し送りを下で確かめて、もう一度保存してください。書いた文章は残っています。`,
      );
    const text = form.brief.trim() === "" ? "" : form.brief;
    if (before === null && text !== "" && form.seen !== "") await refuseIfWithdrawn(tx, form.seen);
    if (text === (before?.text ?? "")) return;
    await tx.delete(briefs).where(eq(briefs.caseId, caseId));
    if (text === "") return audit(tx, staff, "withdraw", "brief", before?.id ?? null, { case: caseId });
    const id = newId();
    const body = seal(key, text, "briefs.body", id);
    await tx.insert(briefs).values({ id, caseId, body, writtenBy: staff.id, writtenAt: now });
    await audit(tx, staff, "write", "brief", id, { case: caseId });
    await notifyPeers(tx, { caseId, aboutId: id, by: staff.id }, now);
  });
}

/** Of a withdrawn brief no row is left; who withdrew it, and when, stands in the audit trail. */
async function refuseIfWithdrawn(tx: Executor, briefId: string): Promise<void> {
  const [row] = await tx
    .select({ by: people.name, at: auditEvents.at })
    .from(auditEvents)
    .innerJoin(people, eq(people.id, auditEvents.staffId))
    .where(and(eq(auditEvents.noun, "brief"), eq(auditEvents.nounId, briefId), eq(auditEvents.action, "withdraw")));
  if (row)
    throw new Refused(
      `${row.by}さんが、${formatDateTime(row.at)} に申し送りを取り下げました。それでも残すときは、もう一度保存してください。書いた文章は残っています。`,
    );
}

/**
 * Shows one entry of the journal to the peers who help in the case, or hides it again; its author reads it either way.
 * Audited, and peers are notified of an entry once. Shown twice is the same success. Throws NotFound for an entry that is
 * not of this case.
 */
export async function showEntryToPeers(
  staff: Staff,
  caseId: string,
  entryId: string,
  isShown: boolean,
  now = new Date(),
): Promise<void> {
  allow(staff, "manager", "coordinator");
  await transaction(async (tx) => {
    await lockCase(tx, staff, caseId);
    const place = and(eq(entries.id, entryId), eq(entries.caseId, caseId));
    firstOrNotFound(await tx.select({ id: entries.id }).from(entries).where(place));
    const changed = await tx
      .update(entries)
      .set({ shownToPeersAt: isShown ? now : null })
      .where(and(place, isShown ? isNull(entries.shownToPeersAt) : undefined))
      .returning({ id: entries.id });
    if (changed.length === 0) return;
    await audit(tx, staff, isShown ? "show_to_peers" : "hide_from_peers", "entry", entryId, { case: caseId });
    if (isShown) await notifyPeers(tx, { caseId, aboutId: entryId, by: staff.id }, now);
  });
}
