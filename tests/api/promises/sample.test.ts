/** The invented families are promised answers too, by the same verbs. */

import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { listCases } from "#api/cases/inbox.ts";
import { installBundledGuides } from "#api/guides/install-bundled.ts";
import { loadSample } from "#api/sample/sample.ts";
import { db } from "#db/client.ts";
import { member } from "../requests.ts";

test("the sample has answers given, answers owed in time and late, and calls that reached nobody", async () => {
  await installBundledGuides();
  // A Saturday: no answer falls due on its own, nobody was called in the last days.
  const now = new Date("2026-11-28T10:30+09:00");
  await loadSample(now);
  const [promised] = await db.execute<{ made: number; kept: number; ended: number }>(sql`
    select count(*)::int as made, count(kept_at)::int as kept, count(ended_at)::int as ended from promises`);
  const [asked] = await db.execute<{ count: number }>(sql`select
    ((select count(*) from consultations where reply_by <> 'none') + (select count(*) from messages where staff_id is null))::int as count`);
  expect(promised).toMatchObject({ made: asked?.count, ended: 0 });
  expect(promised?.kept).toBeGreaterThan(10);
  const manager = await member("manager");
  const { cases } = await listCases(manager, {}, now);
  const owed = cases.map((row) => row.owed).filter(({ turn }) => turn === "ours");
  expect([true, false].map((isOverdue) => owed.some((one) => one.isOverdue === isOverdue))).toEqual([true, true]);
  expect(owed.some(({ why }) => why.includes("の電話は留守でした"))).toBe(true);
  const ahead = await db.execute(sql`select 1 from promises where greatest(made_at, kept_at) > ${now.toISOString()}`);
  expect([...ahead]).toEqual([]);
});

test("lists that begin with what is owed read the index of open promises", async () => {
  const plan = await db.transaction(async (tx) => {
    await tx.execute(sql`set local enable_seqscan = off`);
    return tx.execute<{ "QUERY PLAN": string }>(sql`
      explain select case_id, min(due_day) from promises where kept_at is null and ended_at is null group by case_id`);
  });
  expect(plan.map((row) => row["QUERY PLAN"]).join("\n")).toContain("promises_open");
});
