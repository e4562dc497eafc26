/** One clock dates what is written down: the one that the caller passes. */

import { eq, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { assign, unassign } from "#api/cases/assign.ts";
import { close, reopen } from "#api/cases/close.ts";
import { sendReply } from "#api/correspondence/reply.ts";
import { EntryForm } from "#api/entries/forms.ts";
import { addEntry } from "#api/entries/write-entry.ts";
import { installBundledGuides } from "#api/guides/install-bundled.ts";
import { eraseCase } from "#api/privacy/erase.ts";
import { loadSample } from "#api/sample/sample.ts";
import { dayOf } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { assignments, closures, entries } from "#db/schema/cases.ts";
import { erasures } from "#db/schema/erasures.ts";
import { messages } from "#db/schema/messages.ts";
import { member, receive } from "../requests.ts";

test("every record of a case carries the moment that was passed, none the database's", async () => {
  const manager = await member("manager");
  const { caseId: id } = await receive();
  const at = (hour: number) => new Date(Date.UTC(2024, 2, 1, hour));
  const entry = { happened_at: "2024-03-01T08:30", channel: "phone", from_party: "family", to_party: "staff" };
  await assign(manager, id, { staff_id: manager.id }, at(1));
  await addEntry(manager, id, EntryForm.parse({ ...entry, what: "話した。" }), at(2));
  await sendReply(manager, id, { reply: "お返事です。", latest: "", take: true }, at(3));
  await unassign(manager, id, manager.id, at(4));
  await close(manager, id, { reason: "settled", version: 3 }, at(5));
  await reopen(manager, id, at(6));
  await eraseCase(id, { reason: "request", by: manager, now: at(7) });
  expect(await db.select().from(assignments).where(eq(assignments.caseId, id))).toMatchObject([
    { assignedAt: at(1), endedAt: at(4) },
  ]);
  expect(await db.select().from(entries).where(eq(entries.caseId, id))).toMatchObject([{ createdAt: at(2) }]);
  expect(await db.select().from(messages).where(eq(messages.caseId, id))).toMatchObject([{ writtenAt: at(3) }]);
  expect(await db.select().from(closures).where(eq(closures.caseId, id))).toMatchObject([
    { closedAt: at(5), reopenedAt: at(6) },
  ]);
  expect(await db.select().from(erasures).where(eq(erasures.whatId, id))).toMatchObject([{ erasedAt: at(7) }]);
});

test("the sample's cases end on days of their own, each after its last entry, none ahead of the clock it was loaded by", async () => {
  await installBundledGuides();
  const now = new Date("2025-06-15T03:00:00Z");
  await loadSample(now);
  const ended = await db.execute<{ closed_at: string; last: string }>(sql`
    select closed_at::text, (select max(created_at)::text from entries e where e.case_id = cl.case_id) as last
    from closures cl join consultations co on co.case_id = cl.case_id join leads l on l.id = co.lead_id
    where l.channel = 'sample'`);
  const days = new Set(ended.map(({ closed_at }) => dayOf(new Date(closed_at))));
  expect([ended.length > 5, days.size > ended.length / 3]).toEqual([true, true]);
  for (const row of ended) expect(Date.parse(row.closed_at)).toBeGreaterThan(Date.parse(row.last));
  const ahead = await db.execute(sql`
    select 'closure' from closures where closed_at > ${now.toISOString()}
    union all select 'entry' from entries e join cases c on c.id = e.case_id and c.opened_at between ${now.toISOString()}::timestamptz - interval '91 days' and ${now.toISOString()} where e.created_at > ${now.toISOString()}
    union all select 'assignment' from assignments a join staff s on s.id = a.staff_id and s.email like 'sample-%' where a.assigned_at > ${now.toISOString()}
    union all select 'import' from ad_imports where imported_at > ${now.toISOString()}
    union all select 'staff' from staff where email like 'sample-%' and created_at > ${now.toISOString()}`);
  expect([...ahead]).toEqual([]);
});
