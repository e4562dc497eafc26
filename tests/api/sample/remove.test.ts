/** Taking the sample away: everything it brought goes, and nothing else. */

import { eq, sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { assign, claim } from "#api/cases/assign.ts";
import { sendReply } from "#api/correspondence/reply.ts";
import { addEntry } from "#api/entries/write-entry.ts";
import { installBundledGuides } from "#api/guides/install-bundled.ts";
import { removeSample } from "#api/sample/remove.ts";
import { loadSample } from "#api/sample/sample.ts";
import { saveSettings } from "#api/settings/save.ts";
import { writeSideNote } from "#api/side-notes/write-side-note.ts";
import { db } from "#db/client.ts";
import { staff } from "#db/schema/staff.ts";
import { neutralValues } from "#db/settings/keys.ts";
import { settings } from "#db/settings/settings.ts";
import { exported, landed, take } from "../../analytics/fixtures.ts";
import { get, type Member, member, postJson, receive, signIn } from "../requests.ts";

let manager: Member;
let real: { reference: string; caseId: string };

/** Every row of every table as text, but for what the removal itself writes and what is derived. */
async function rowsByTable(): Promise<Record<string, string[]>> {
  const own = [
    "audit_events",
    "settings",
    "settings_changes",
    "consent_texts",
    "landing_lines",
    "landing_month_states",
    "lead_changes",
    "lead_month_states",
    "lead_months",
    // The entries' own part is tested in tests/api/content.
    "approvals",
    "content_texts",
  ];
  const sessions = [
    "staff_sessions",
    "staff_networks",
    "sign_in_attempts",
    "staff_verifications",
    "visits",
    "job_runs",
  ];
  const tables = await db.execute<{ name: string }>(
    sql`select tablename as name from pg_tables where schemaname = 'public' order by 1`,
  );
  const found: Record<string, string[]> = {};
  for (const { name } of tables) {
    if ([...own, ...sessions].includes(name)) continue;
    const rows = await db.execute<{ text: string }>(
      sql`select t::text as text from ${sql.identifier(name)} t order by 1`,
    );
    if (rows.length > 0) found[name] = rows.map(({ text }) => text);
  }
  return found;
}

/** What a real family, reader, visitor and advertisement leave behind, and what staff write about them. */
async function realLife(): Promise<void> {
  real = await receive({ message: "本当の相談です。", reply_by: "email", email: "parent@family.jp" });
  await claim(manager, real.caseId);
  await writeSideNote(manager, real.caseId, { note: "本当の覚え書き", latest: "" });
  const entry = { happened_at: new Date("2026-11-01T10:00+09:00"), channel: "phone", from_party: "staff" } as const;
  await addEntry(manager, real.caseId, { ...entry, to_party: "family", outcome: "spoke", what: "お話しした" });
  await sendReply(manager, real.caseId, { reply: "お返事です。", latest: "" });
  const second = await receive({ message: "もう一つの相談です。" });
  await claim(manager, second.caseId);
  await postJson("/api/subscriptions", { email: "reader@family.jp", consent: true, lists: ["news"] });
  await postJson("/api/downloads", { email: "guide@family.jp", guide: "learning-in-hospital" });
  await landed("2026-10-05", { keyword: "院内学級", campaignId: "1" });
  const days = "日,キャンペーン,広告グループ,検索キーワード,キーワードのマッチタイプ,表示回数,クリック数,費用";
  // In the account of the sample, too: what counts of it must not change.
  await take(exported(days, ["2026-10-05,見本_検索,学びと復学,院内学級,完全一致,10,2,100"]), {
    account: "見本",
    currency: "JPY",
  });
}

const answersGiven = {
  "name.ja": "かぜのいえ",
  "name.reading": "かぜのいえ",
  "purpose.ja": "家",
  prefecture: "34",
  "address.ja": "〒730-0001 広島県",
  phone: "none",
  hours: neutralValues.hours,
  reply_days: 3,
  notify: ["desk@kaze.jp"],
} as const;

beforeAll(async () => {
  await installBundledGuides();
  manager = await member("manager");
});

test("goes with all that was written into it, and leaves every real row as it was", async () => {
  await realLife();
  const before = await rowsByTable();
  await loadSample();
  // The sample writes into its own cases alone. Its report is newer than the real one, and counts in its place meanwhile.
  const after = await rowsByTable();
  const untouched = Object.entries(before).filter(([name]) => !["ad_spend", "bids", "spend_months"].includes(name));
  for (const [name, rows] of untouched)
    expect([name, rows.filter((row) => after[name]?.includes(row) !== true)]).toEqual([name, []]);

  const [invented] = await db.execute<{ id: string }>(sql`
    select c.id from cases c where c.state = 'open' and exists (
      select from consultations o join leads l on l.id = o.lead_id where o.case_id = c.id and l.channel = 'sample')
    order by c.id desc limit 1`);
  const caseId = invented?.id ?? "";
  const entry = { happened_at: new Date("2026-11-01T10:00+09:00"), channel: "phone", from_party: "staff" } as const;
  await addEntry(manager, caseId, { ...entry, to_party: "family", outcome: "spoke", what: "見本に書いた" });
  await expect(removeSample(manager)).rejects.toThrow("あと9つです");
  await saveSettings(manager, { ...answersGiven, notify: ["desk@kaze.jp"] }, {});
  const removed = await removeSample(manager);
  expect(Object.values(removed).every((count) => count > 0)).toBe(true);
  expect(settings()).toMatchObject({ stage: "own", given: { "name.ja": "かぜのいえ" } });

  const left = await rowsByTable();
  // Whom the audit trail names stays, disabled.
  left["staff"] = left["staff"]?.filter((row) => !row.includes("sample-staff-")) ?? [];
  expect(left).toEqual(before);
  const people = await db
    .select()
    .from(staff)
    .where(sql`${staff.email} like 'sample-staff-%'`);
  expect(people.filter(({ disabledAt }) => disabledAt === null)).toEqual([]);
  const html = await (await get("/staff/people", { cookie: await signIn(manager) })).text();
  expect(html).not.toContain("sample-staff-");
  await expect(removeSample(manager)).rejects.toThrow("片づける見本は、もうありません");
}, 60_000);

test("loaded again, leaves a real case that invented staff were given, without them", async () => {
  const before = await rowsByTable();
  await loadSample();
  const [invented] = await db.select().from(staff).where(eq(staff.email, "sample-staff-2@example.jp"));
  await assign(manager, real.caseId, { staff_id: invented?.id ?? "", role: "helper" });
  await removeSample(manager);
  const left = await rowsByTable();
  expect(left["assignments"]?.filter((row) => !before["assignments"]?.includes(row))).toHaveLength(1);
  const open = sql`select 1 from assignments where ended_at is null and staff_id = ${invented?.id ?? ""}`;
  expect(await db.execute(open)).toHaveLength(0);
  for (const name of ["leads", "consultations", "promises", "messages", "subscribers", "ad_spend"])
    expect([name, left[name]]).toEqual([name, before[name]]);
}, 60_000);

test("leaves a case in which a real request and an invented one meet", async () => {
  await loadSample();
  const { reference } = await receive({ message: "見本の相談に入った、本当の相談" });
  const [mixed] = await db.execute<{ id: string }>(sql`
    update consultations set case_id = (select c.case_id from consultations c join leads l on l.id = c.lead_id
      where l.channel = 'sample' limit 1)
    where lead_id = (select id from leads where reference = ${reference}) returning case_id as id`);
  await removeSample(manager);
  const found = sql`select 1 from consultations where case_id = ${mixed?.id ?? ""}`;
  expect(await db.execute(found)).toHaveLength(2);
}, 60_000);

test("is for managers alone; the application itself deletes no record of a real case", async () => {
  await expect(removeSample(await member("coordinator"))).rejects.toMatchObject({ name: "Forbidden" });
  const call = sql`select delete_sample_records(array[${real.caseId}::uuid])`;
  await expect(db.execute(call)).rejects.toMatchObject({ cause: { message: "a case is not the sample's" } });
});
