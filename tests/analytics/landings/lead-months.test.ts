import { eq, sql, type SQL } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { countLandings } from "#analytics/landings/landings.ts";
import { rolledLeadMonths, rollUpLeads } from "#analytics/landings/lead-months.ts";
import type { Period } from "#analytics/period.ts";
import { db, transaction } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import { clicks } from "#db/schema/attribution.ts";
import { cases, closures } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { downloadGrants } from "#db/schema/guides.ts";
import {
  landingLines,
  landingMonths,
  landingMonthStates,
  leadChanges,
  leadMonths,
  leadMonthStates,
} from "#db/schema/landings.ts";
import { leads } from "#db/schema/leads.ts";
import { landed } from "../fixtures.ts";

const now = new Date("2026-10-20T12:00:00+09:00");
const whole = { from: "2026-05-01", to: "2026-10-31" };
const periods: Period[] = [
  whole,
  { from: "2026-07-01", to: "2026-07-31" },
  { from: "2026-06-15", to: "2026-09-10" },
  { from: "2026-07-01", to: "2026-08-31" },
  { from: "2026-08-15", to: "2026-08-16" },
];
const closer = newId();

const tables = [
  ...[closures, consultations, cases, downloadGrants, leads, clicks, leadMonths, landingMonths, landingMonthStates],
  ...[leadMonthStates, landingLines, leadChanges],
];

beforeEach(async () => {
  for (const table of tables) await db.delete(table);
  await db.execute(sql`insert into guides (slug, title) values ('months', 'months') on conflict do nothing`);
  await db.execute(sql`insert into staff (id, name, email, role)
    values (${closer}, 'months', 'months@example.jp', 'manager') on conflict do nothing`);
});

const bytes = (text: string | undefined) => (text === undefined ? null : `\\x${Buffer.from(text).toString("hex")}`);

interface Asked {
  click?: string;
  email?: string;
  phone?: string;
  score?: number;
}

/** A request for help on a day at noon in Tokyo; the ids of its lead and its case. */
async function asked(day: string, { click, email, phone, score = 0 }: Asked = {}): Promise<{ id: string; of: string }> {
  const [id, of] = [newId(), newId()];
  await db.execute(sql`insert into leads (id, kind, channel, received_at, click_id, spam_score, reference)
    values (${id}, 'consultation', 'form', ${`${day}T12:00:00+09:00`}, ${click ?? null}, ${score}, ${id})`);
  await db.execute(sql`insert into cases (id, state) values (${of}, 'new')`);
  await db.execute(sql`
    insert into consultations (id, lead_id, case_id, reply_by, reply_by_date, contact, message, email_index, phone_index)
    values (${newId()}, ${id}, ${of}, 'email', '2026-01-01', '\\x00', '\\x00', ${bytes(email)}::bytea, ${bytes(phone)}::bytea)`);
  return { id, of };
}

/** A guide downloaded on a day at noon in Tokyo; the id of its lead. */
async function downloaded(day: string, { click, email }: Asked): Promise<string> {
  const [id, grant] = [newId(), newId()];
  await db.execute(sql`insert into leads (id, kind, channel, received_at, click_id)
    values (${id}, 'download', 'form', ${`${day}T12:00:00+09:00`}, ${click ?? null})`);
  await db.execute(sql`insert into download_grants (id, lead_id, guide_slug, token_hash, email_index, expires_at)
    values (${grant}, ${id}, 'months', sha256(${id}::bytea), ${bytes(email)}::bytea, now())`);
  return id;
}

/** A download of which nothing but the lead is left; its id. */
async function written(day: string): Promise<string> {
  const id = newId();
  await db.execute(sql`insert into leads (id, kind, channel, received_at)
    values (${id}, 'download', 'form', ${`${day}T12:00:00+09:00`})`);
  return id;
}

const close = (of: string, reason = "not_a_case") =>
  db.execute(
    sql`insert into closures (id, case_id, reason, closed_by) values (${newId()}, ${of}, ${reason}, ${closer})`,
  );

/** The counts of each period added up by line, whatever they were read from. */
async function figures() {
  const found = [];
  for (const period of periods) {
    const sums = new Map<string, number[]>();
    for (const { source, ...counts } of await countLandings(period)) {
      const { downloads, consultations, doubtful, people, firstConsultations } = counts;
      const sum = sums.get(source?.keyword ?? source?.kind ?? "elsewhere") ?? [];
      const more = [downloads, consultations, doubtful, people, firstConsultations];
      sums.set(
        source?.keyword ?? source?.kind ?? "elsewhere",
        more.map((count, at) => count + (sum[at] ?? 0)),
      );
    }
    found.push([
      period.from,
      [...sums].filter(([, sum]) => sum.some(Boolean)).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ]);
  }
  return found;
}

/** Families with several requests, by several landings, in several months. */
async function families() {
  const before = await landed("2026-06-01", { keyword: "はじめ" });
  const one = await landed("2026-06-20", { keyword: "一" });
  const two = await landed("2026-07-20", { keyword: "二" });
  const three = await landed("2026-08-24", { keyword: "三", firstId: before });
  const old = await landed("2026-03-01", { keyword: "むかし" });
  const grant = await downloaded("2026-06-21", { click: one, email: "a" });
  const alone = await written("2026-07-02");
  const july = await asked("2026-07-21", { click: two, email: "a", phone: "p" });
  const august = await asked("2026-08-05", { phone: "p", score: 9 });
  const september = await asked("2026-09-05", { click: two, email: "b" });
  await asked("2026-08-25", { click: three });
  await asked("2026-07-25", { click: old });
  await asked("2026-08-25", { click: old });
  return { before, one, two, grant, alone, july, august, september };
}

test("a report reads the same figures from rolled-up months and from the leads", async () => {
  await families();
  const before = await figures();
  expect(before[0]).toEqual([
    "2026-05-01",
    [
      ["elsewhere", [1, 1, 1, 0, 2]],
      // Two requests by one landing in two months are one person.
      ["older", [0, 2, 0, 1, 0]],
      ["はじめ", [0, 0, 0, 0, 1]],
      ["一", [1, 0, 0, 0, 1]],
      ["三", [0, 1, 0, 1, 0]],
      ["二", [0, 2, 0, 1, 2]],
    ],
  ]);
  expect(await rollUpLeads(now)).toEqual({ months: 4 });
  expect(await rolledLeadMonths(whole)).toEqual(["2026-06-01", "2026-07-01", "2026-08-01", "2026-09-01"]);
  expect(await figures()).toEqual(before);
  // And it does read the sums: with another figure there, the report has it.
  await db.update(leadMonths).set({ consultations: sql`consultations + 1` });
  expect(await figures()).not.toEqual(before);
});

type World = Awaited<ReturnType<typeof families>>;
const changes: Record<string, (world: World) => SQL | Promise<unknown>> = {
  "a lead written later": () => asked("2026-07-30", { email: "c" }),
  "a lead of nothing else written later": () => written("2026-07-30"),
  "a deleted lead": ({ alone }) => sql`delete from leads where id = ${alone}`,
  "a lead of another click": ({ july, one }) => sql`update leads set click_id = ${one} where id = ${july.id}`,
  "a lead of another day": ({ july }) =>
    sql`update leads set received_at = received_at + interval '20 days' where id = ${july.id}`,
  "a lead of another kind": ({ grant }) => sql`update leads set kind = 'subscription' where id = ${grant}`,
  "a score set later": ({ july }) => sql`update leads set spam_score = 9 where id = ${july.id}`,
  "an erased request": ({ july }) => sql`delete from consultations where lead_id = ${july.id}`,
  "a request on another address": ({ july }) =>
    sql`update consultations set email_index = null where lead_id = ${july.id}`,
  "a request on another telephone": ({ july }) =>
    sql`update consultations set phone_index = null where lead_id = ${july.id}`,
  "a request moved to a case that is closed": ({ july, september }) =>
    close(september.of).then(() =>
      db.execute(sql`update consultations set case_id = ${september.of} where lead_id = ${july.id}`),
    ),
  "a download on another address": ({ grant }) =>
    sql`update download_grants set email_index = ${bytes("z")}::bytea where lead_id = ${grant}`,
  "an erased download": ({ grant }) => sql`delete from download_grants where lead_id = ${grant}`,
  "a request that was checked": ({ august }) => sql`update cases set state = 'open' where id = ${august.of}`,
  "a request closed as none": ({ july }) => close(july.of),
  "a landing in another campaign": ({ two }) => sql`update clicks set keyword = '四' where id = ${two}`,
  "an earlier landing": ({ before }) =>
    sql`update clicks set landed_at = landed_at - interval '60 days' where id = ${before}`,
  "a deleted landing": ({ two }) => sql`delete from clicks where id = ${two}`,
  "a deleted landing with which the visit began": ({ before }) => sql`delete from clicks where id = ${before}`,
};

test.each(Object.entries(changes))("%s makes the sums of its month untrue", async (_, change) => {
  const world = await families();
  await rollUpLeads(now);
  const before = await figures();
  const act = change(world);
  await (act instanceof Promise ? act : db.execute(act));
  const after = await figures();
  expect(after).not.toEqual(before);
  await rollUpLeads(now);
  expect(await figures()).toEqual(after);
  await db.delete(leadMonthStates);
  expect(await figures()).toEqual(after);
});

test("a closure that is taken back, or given another reason, makes the sums untrue", async () => {
  const { july } = await families();
  const open = await figures();
  await close(july.of);
  await rollUpLeads(now);
  const closed = await figures();
  await db.execute(sql`update closures set reason = 'settled'`);
  expect(await figures()).toEqual(open);
  await db.execute(sql`update closures set reason = 'test'`);
  expect(await figures()).toEqual(closed);
  await rollUpLeads(now);
  await db.execute(sql`update closures set reopened_at = now()`);
  expect(await figures()).toEqual(open);
  await db.execute(sql`update closures set reopened_at = null`);
  await rollUpLeads(now);
  await db.execute(sql`delete from closures`);
  expect(await figures()).toEqual(open);
});

test("what happened to a lead leaves the months before it as they are, and those too late for its landing", async () => {
  const { july } = await families();
  await asked("2026-11-01", {});
  const later = new Date("2027-01-20T12:00:00+09:00");
  await rollUpLeads(later);
  await db.execute(sql`update leads set spam_score = 1 where id = ${july.id}`);
  // 90 days after 21 July is 19 October.
  expect(await rolledLeadMonths({ from: "2026-05-01", to: "2026-12-31" })).toEqual([
    ...["2026-06-01", "2026-11-01", "2026-12-01"],
  ]);
});

test("when the only lead of the first months is erased, no sum keeps it", async () => {
  const { id } = await asked("2026-05-05", {});
  await asked("2026-08-05", {});
  await rollUpLeads(now);
  await db.delete(consultations).where(eq(consultations.leadId, id));
  await db.delete(leads).where(eq(leads.id, id));
  await rollUpLeads(now);
  expect((await figures())[0]).toEqual(["2026-05-01", [["elsewhere", [0, 1, 0, 1, 1]]]]);
});

test("a change that is committed while its month is rolled up is not lost", async () => {
  const { july } = await families();
  await rollUpLeads(now);
  await transaction(async (tx) => {
    await tx.execute(sql`insert into closures (id, case_id, reason, closed_by)
      values (${newId()}, ${july.of}, 'test', ${closer})`);
    // Waits for nothing: no change makes another one or the roll-up wait.
    await rollUpLeads(now);
  });
  expect(await rolledLeadMonths(whole)).toEqual(["2026-06-01"]);
  const counted = await figures();
  await rollUpLeads(now);
  expect(await figures()).toEqual(counted);
});

test("the month that goes on is not rolled up, nor one that ended less than a day ago", async () => {
  await asked("2026-09-30", {});
  expect(await rollUpLeads(new Date("2026-10-01T23:59:00+09:00"))).toEqual({ months: 0 });
  expect(await rollUpLeads(new Date("2026-10-02T00:01:00+09:00"))).toEqual({ months: 1 });
  expect(await rollUpLeads(new Date("2026-10-02T00:01:00+09:00"))).toEqual({ months: 0 });
});

test("leads of this month are noted nowhere", async () => {
  const { id, of } = await asked(new Date().toISOString().slice(0, 10), {});
  await close(of);
  await db.execute(sql`update leads set spam_score = 9 where id = ${id}`);
  expect(await db.select().from(leadChanges)).toEqual([]);
});
