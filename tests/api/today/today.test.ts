/** 「きょう」: what stands on it, for whom, and what a list opens and leaves in the trail. */

import { and, eq, isNull, sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { assign } from "#api/cases/assign.ts";
import { openCase } from "#api/cases/case.ts";
import { close } from "#api/cases/close.ts";
import { sendReply } from "#api/correspondence/reply.ts";
import { addEntry } from "#api/entries/write-entry.ts";
import { eraseFamily } from "#api/privacy/erase.ts";
import { finishReminder, remind } from "#api/reminders/remind.ts";
import { type GroupName, groupNames } from "#api/today/groups.ts";
import { openRows } from "#api/today/rows.ts";
import { listToday } from "#api/today/today.ts";
import { dayAfter, dayOf } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { absences } from "#db/schema/absences.ts";
import { deliveries } from "#db/schema/mail.ts";
import { promises } from "#db/schema/promises.ts";
import { reminders } from "#db/schema/reminders.ts";
import { auditEvents, staff } from "#db/schema/staff.ts";
import { words } from "../../site/html.ts";
import { family, passOf, write } from "../correspondence/families.ts";
import { get, type Member, member, receive, signIn } from "../requests.ts";

let me: Member;
let colleague: Member;
let cookie = "";
beforeAll(async () => {
  [me, colleague] = [await member("coordinator"), await member("coordinator")];
  cookie = await signIn(me);
});

const byPhone = { reply_by: "phone", phone: "086-000-0000" };
const byMail = { reply_by: "email", email: "hana@example.jp", name: "はな" };
/** A case that this person holds and has read, due `days` from today. */
async function held(by: Member, days: number, fields: Record<string, unknown> = byPhone) {
  const { caseId } = await receive(fields);
  await assign(me, caseId, { staff_id: by.id });
  await openCase(by, caseId);
  await db
    .update(promises)
    .set({ dueDay: dayAfter(dayOf(new Date()), days) })
    .where(eq(promises.caseId, caseId));
  return caseId;
}
/** The groups in which a case stands. */
async function placesOf(id: string, options = {}): Promise<GroupName[]> {
  const { groups } = await listToday(me, options);
  return groupNames.filter((name) => groups[name].some((one) => one.id === id));
}
/** What the mail server answered to the mails of this case. */
const settleMails = (caseId: string, state: "failed" | "accepted") =>
  db
    .update(deliveries)
    .set({ state, finishedAt: new Date() })
    .where(sql`${deliveries.leadId} in (select lead_id from consultations where case_id = ${caseId})`);

describe("each case stands once", () => {
  test("late, today and later by its day", async () => {
    const cases = [await held(me, -1), await held(me, 0), await held(me, 1)];
    expect(await Promise.all(cases.map((id) => placesOf(id)))).toEqual([["late"], ["today"], ["later"]]);
  });

  test("unheld until somebody takes it, and again when the holder has left", async () => {
    const { caseId } = await receive();
    expect(await placesOf(caseId)).toEqual(["unheld"]);
    const leaver = await member("coordinator");
    await assign(me, caseId, { staff_id: leaver.id });
    await openCase(leaver, caseId);
    expect(await placesOf(caseId)).toEqual([]);
    await db.update(staff).set({ disabledAt: new Date() }).where(eq(staff.id, leaver.id));
    expect(await placesOf(caseId)).toEqual(["unheld"]);
  });

  test("held by nobody where somebody only helps", async () => {
    const { caseId } = await receive();
    await assign(me, caseId, { staff_id: colleague.id, role: "helper" });
    expect(await placesOf(caseId)).toEqual(["unheld"]);
    const html = await (await get("/staff/cases?holder=nobody", { cookie })).text();
    expect(html).toContain(`/staff/cases/${caseId}?`);
  });

  test("under the family's when it wrote again, until who is responsible has read it", async () => {
    const who = await family();
    await assign(me, who.caseId, { staff_id: me.id });
    await openCase(me, who.caseId);
    await write(await passOf(who), "急ぎです。");
    await openCase(colleague, who.caseId);
    expect(await placesOf(who.caseId)).toEqual(["family"]);
    await openCase(me, who.caseId);
    expect(await placesOf(who.caseId)).toEqual(["later"]);
  });

  test("under the reminders from the day on which one comes up, also of a closed case, until it is done", async () => {
    const { caseId } = await receive();
    await assign(me, caseId, { staff_id: me.id });
    await openCase(me, caseId);
    const on = dayAfter(dayOf(new Date()), 1);
    const id = await remind(me, caseId, { what: "カワセミのことを聞く。", on });
    expect(await placesOf(caseId)).toEqual([]);
    await db
      .update(reminders)
      .set({ dueDay: dayOf(new Date()) })
      .where(eq(reminders.id, id));
    expect(await placesOf(caseId)).toEqual(["reminder"]);
    expect(await (await get("/staff", { cookie })).text()).toContain("次: カワセミのことを聞く。");
    await close(me, caseId, { reason: "settled", version: (await openCase(me, caseId)).version });
    expect(await placesOf(caseId)).toEqual(["reminder"]);
    await finishReminder(me, caseId, id);
    expect(await placesOf(caseId)).toEqual([]);
  });

  test("under the undelivered while a mail was refused and nothing reached the family", async () => {
    const caseId = await held(me, 5, byMail);
    await settleMails(caseId, "failed");
    expect(await placesOf(caseId)).toEqual(["undelivered"]);
    const call = {
      channel: "phone",
      from_party: "staff",
      to_party: "family",
      outcome: "spoke",
      what: "話せた。",
    } as const;
    await addEntry(me, caseId, { ...call, happened_at: new Date() });
    expect(await placesOf(caseId)).toEqual([]);
    const other = await held(me, 5, byMail);
    await settleMails(other, "accepted");
    expect(await placesOf(other)).toEqual(["later"]);
  });

  test("nowhere once it is closed or its family erased", async () => {
    const { caseId, reference } = await receive();
    await close(me, caseId, { reason: "settled", version: 1 });
    expect(await placesOf(caseId)).toEqual([]);
    const gone = await receive(byPhone);
    await eraseFamily(gone.reference);
    expect(await placesOf(gone.caseId)).toEqual([]);
    const html = await (await get("/staff", { cookie })).text();
    for (const one of [reference, gone.reference]) expect(html).not.toContain(one);
  });

  test("and the counts add up to the cases listed", async () => {
    for (const isMine of [true, false]) {
      const { groups, counts } = await listToday(me, { isMine });
      const ids = groupNames.flatMap((name) => groups[name].map(({ id }) => id));
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBe(isMine ? counts.mine : counts.all);
    }
  });
});

test("mine has the cases in which the reader helps, and those with a reminder for the reader", async () => {
  const [helped, asked] = [await held(colleague, 0), await held(colleague, 0)];
  await assign(me, helped, { staff_id: me.id, role: "helper" });
  expect(await placesOf(asked, { isMine: true })).toEqual([]);
  await remind(colleague, asked, { what: "電話する。", on: dayOf(new Date()), who: me.id });
  expect(await Promise.all([helped, asked].map((id) => placesOf(id, { isMine: true })))).toEqual([
    ["today"],
    ["today"],
  ]);
});

test("a row has the dot of its reader alone, and says that who is responsible is away", async () => {
  const caseId = await held(colleague, 0);
  const day = dayOf(new Date());
  await db.insert(absences).values({
    staffId: colleague.id,
    standInId: me.id,
    fromDay: day,
    untilDay: day,
    enteredBy: me.id,
    enteredAt: new Date(),
  });
  const rowFor = async (who: Member) => (await openRows(who, [caseId], "today")).get(caseId);
  expect(await rowFor(me)).toMatchObject({ isUnread: true, holders: { responsible: { absent: { until: day } } } });
  expect(await rowFor(colleague)).toMatchObject({ isUnread: false });
  const html = await (await get("/staff", { cookie })).text();
  const row = html.split("<tr").find((part) => part.includes(caseId)) ?? "";
  expect(row).toContain("不在");
  expect(row).toContain("未読");
  await db.delete(absences).where(eq(absences.staffId, colleague.id));
});

test("mine leaves out what a colleague holds, and keeps what nobody holds", async () => {
  const [mine, theirs, { caseId: nobodys }] = [await held(me, 0), await held(colleague, 0), await receive()];
  expect(await Promise.all([mine, theirs, nobodys].map((id) => placesOf(id, { isMine: true })))).toEqual([
    ["today"],
    [],
    ["unheld"],
  ]);
  expect(await placesOf(theirs)).toEqual(["today"]);
});

test("is not for peers, nor for those who see no case", async () => {
  for (const role of ["peer", "analyst", "fundraiser"] as const)
    await expect(listToday(await member(role))).rejects.toMatchObject({ name: "Forbidden" });
});

describe("the rows of a list", () => {
  test("carry the name, the newest words of the family and what is owed; one audit row for all of them", async () => {
    const who = await family({ ...byMail, message: "最初の話です。", name: " はな " });
    const { caseId: other } = await receive();
    const before = await viewsOfLists();
    const first = (await openRows(me, [who.caseId, other], "today")).get(who.caseId);
    expect(first).toMatchObject({ name: "はな", words: "最初の話です。", replyBy: "email", owed: { turn: "ours" } });
    expect((await viewsOfLists()).slice(before.length)).toEqual([{ list: "today", count: 2 }]);
    await write(await passOf(who), "一つめ。");
    await write(await passOf(who), "二つめ\nです。");
    await sendReply(me, who.caseId, { reply: "お返事です。", take: true, latest: await newestId(who.caseId) });
    expect((await openRows(me, [who.caseId], "today")).get(who.caseId)?.words).toBe("二つめ です。");
  });

  test("are not for peers, whose list has no words of a family", async () => {
    const peer = await member("peer");
    const who = await family({ ...byMail, message: "最初の話です。" });
    await assign(me, who.caseId, { staff_id: peer.id });
    await expect(openRows(peer, [who.caseId], "today")).rejects.toMatchObject({ name: "Forbidden" });
  });

  test("leave out an erased family", async () => {
    const { caseId, reference } = await receive();
    await eraseFamily(reference);
    expect((await openRows(me, [caseId], "cases")).size).toBe(0);
  });

  const viewsOfLists = async () =>
    (
      await db
        .select({ detail: auditEvents.detail })
        .from(auditEvents)
        .where(and(eq(auditEvents.staffId, me.id), eq(auditEvents.action, "view"), isNull(auditEvents.nounId)))
        .orderBy(auditEvents.id)
    ).map(({ detail }) => detail);
  const newestId = async (caseId: string) =>
    (await db.execute<{ id: string }>(sql`select max(id::text) as id from messages where case_id = ${caseId}`))[0]
      ?.id ?? "";
});

describe("the page", () => {
  test("shows a case once, with a link that leads back to the same list", async () => {
    const caseId = await held(me, -2);
    const html = await (await get("/staff?who=me", { cookie })).text();
    expect(html.split(`/staff/cases/${caseId}?`)).toHaveLength(2);
    expect(html).toContain(`/staff/cases/${caseId}?from=${encodeURIComponent("/staff?who=me")}#now`);
    const page = await (
      await get(`/staff/cases/${caseId}?from=${encodeURIComponent("/staff?who=me")}`, { cookie })
    ).text();
    expect(page).toContain('<a href="/staff?who=me">きょうに戻る</a>');
  });

  test.each([
    "https://elsewhere.example/staff",
    "//elsewhere.example/staff",
    "/staff/people",
    "javascript:alert(1)",
    "\\\\x",
  ])("leads back to no other place than our lists: %s", async (from) => {
    const { caseId } = await receive();
    const html = await (await get(`/staff/cases/${caseId}?from=${encodeURIComponent(from)}`, { cookie })).text();
    expect(html).toContain('<a href="/staff">きょうに戻る</a>');
    expect(html).not.toContain("elsewhere");
  });

  test("shows twenty of a group and says how many more there are", async () => {
    for (let i = 0; i < 22; i++) await receive();
    const { groups } = await listToday(me);
    const text = words(await (await get("/staff", { cookie })).text());
    expect(text).toContain(`担当なし、ほかに ${groups.unheld.length - 20}件`);
    const alone = await (await get("/staff?group=unheld", { cookie })).text();
    expect(alone.split('class="open"')).toHaveLength(groups.unheld.length + 1);
  });

  test("what was bookmarked before leads to the list of all cases", async () => {
    const answer = await get("/staff?state=waiting&mine=1", { cookie });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/staff/cases?state=waiting&mine=1"]);
  });
});

test("the list of the day reads indexes, however many cases there are", async () => {
  const plan = await db.transaction(async (tx) => {
    await tx.execute(sql`set local enable_seqscan = off`);
    return tx.execute<{ "QUERY PLAN": string }>(sql`explain select lead_id from deliveries
      where kind in ('receipt', 'reply_notice') and state in ('failed', 'suppressed')`);
  });
  expect(plan.map((row) => row["QUERY PLAN"]).join("\n")).toContain("deliveries_refused");
});
