import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { keywordReport } from "#analytics/keywords/report.ts";
import { installBundledGuides } from "#api/guides/install-bundled.ts";
import { sendNotices } from "#api/notices/send.ts";
import { loadSample } from "#api/sample/sample.ts";
import { setUpToken } from "#api/staff/invite.ts";
import { db } from "#db/client.ts";
import { staffNotices } from "#db/schema/notices.ts";
import { viewReadership } from "#emails/lists/lists.ts";
import { getNewsletter, listNewsletters } from "#emails/newsletters/newsletters.ts";

const manager = {
  id: "01a1f86d-f1a9-7357-ac7e-af1bae2d7c0a",
  name: "見本",
  email: "m@example.jp",
  role: "manager",
} as const;

test("the sample fills every room, sends nothing, and leaves the first manager still to come", async () => {
  await installBundledGuides();
  const loaded = await loadSample();
  expect(Object.entries(loaded).filter(([, count]) => count === 0)).toEqual([]);

  // Its staff are invented: nobody is notified of what they hold, hand over or let pass.
  expect(await sendNotices(new Date())).toEqual({ mails: 0 });
  expect(await db.$count(staffNotices)).toBe(0);
  const unsent = sql`select count(*)::int as count from deliveries where state in ('queued', 'retry', 'leased')`;
  expect(await db.execute(unsent)).toEqual([{ count: 0 }]);
  const strangers = sql`select email from staff where email not like '%@example.jp'`;
  expect(await db.execute(strangers)).toEqual([]);
  expect(await setUpToken()).toEqual(expect.any(String));
  await expect(loadSample()).rejects.toThrow("loaded already");
});

test("its numbers add up on every screen", async () => {
  const [leads] = await db.execute<{ consultations: number; landings: number }>(sql`
    select (select count(*) from consultations)::int as consultations, (select count(*) from clicks)::int as landings`);
  const report = await keywordReport(manager, { from: "2000-01-01", to: "2099-12-31" });
  expect([report.totals.consultations, report.totals.landings]).toEqual([leads?.consultations, leads?.landings]);
  for (const { id, state } of await listNewsletters(manager)) {
    const { issue, accounting } = await getNewsletter(manager, id);
    const counted = Object.values(accounting?.counts ?? {}).reduce((sum: number, count) => sum + count, 0);
    if (state !== "draft")
      expect([accounting?.audience, accounting?.remainder, counted]).toEqual([issue.audience, 0, issue.audience]);
  }
});

test("its readers have chosen among all lists, some wait, a few left and some of them said why", async () => {
  const { lists, unsubscriptions: leavings, reasons } = await viewReadership(manager);
  expect(lists.map(({ slug, readers, left }) => [slug, readers > 0, left > 0])).toEqual([
    ["news", true, true],
    ["events", true, true],
    ["professionals", true, true],
  ]);
  const answers = reasons.reduce((sum, { count }) => sum + count, 0);
  expect([answers > 0, answers < leavings]).toEqual([true, true]);
  const early = await db.execute(sql`select 1 from subscriptions where unsubscribed_at > now()`);
  expect(early).toEqual([]);
});

test("it shows cases that were handed over, helped in, left unread, due again, and held by somebody who is away", async () => {
  const [found] = await db.execute<Record<string, number>>(sql`select
    (select count(*)::int from assignments where handover_entry_id is not null and ended_at is null) as "handedOver",
    (select count(*)::int from assignments where role = 'helper' and ended_at is null) as helped,
    (select count(*)::int from assignments a where role = 'responsible' and ended_at is null and not exists (
      select 1 from case_reads r where r.case_id = a.case_id and r.staff_id = a.staff_id)) as unread,
    (select count(*)::int from reminders where due_day <= (now() at time zone 'Asia/Tokyo')::date) as due,
    (select count(*)::int from absences) as away`);
  expect(Object.entries(found ?? {}).filter(([, count]) => count === 0)).toEqual([]);
  const held = sql`select case_id from assignments where role = 'responsible' and ended_at is null
    group by case_id having count(*) > 1`;
  expect([...(await db.execute(held))]).toEqual([]);
});
