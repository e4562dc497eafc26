import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { enterAbsence } from "#api/absences/absences.ts";
import { assign, claim, unassign } from "#api/cases/assign.ts";
import { openCase } from "#api/cases/case.ts";
import { close } from "#api/cases/close.ts";
import { handOver } from "#api/handovers/hand-over.ts";
import { eraseFamily } from "#api/privacy/erase.ts";
import { finishReminder, remind } from "#api/reminders/remind.ts";
import { dueReminders, remindersDue, remindersOf } from "#api/reminders/reminders.ts";
import { disableStaff } from "#api/staff/disable.ts";
import { db } from "#db/client.ts";
import { entries } from "#db/schema/cases.ts";
import { elements } from "../../site/html.ts";
import { family, passOf, write } from "../correspondence/families.ts";
import { everything, type Member, member, postForm, receive, refusedPage, signIn, trailOf } from "../requests.ts";

const now = new Date("2026-11-20T03:00:00Z");
const due = "2026-12-01";

let [one, other] = [] as unknown as [Member, Member];
let cookie = "";
beforeAll(async () => {
  [one, other] = [await member("coordinator"), await member("coordinator")];
  cookie = await signIn(one);
});

async function heldBy(holder: Member) {
  const { caseId } = await receive();
  await claim(holder, caseId);
  return caseId;
}
const dueIn = async (caseId: string, day = due, who = one) =>
  (await remindersDue(who, day)).filter((reminder) => reminder.caseId === caseId);
const ownerIn = async (caseId: string, day = due) => (await dueIn(caseId, day))[0]?.owner?.id ?? null;

describe("a reminder", () => {
  test("comes up on its day with its words, which are stored sealed, and falls silent when done", async () => {
    const caseId = await heldBy(one);
    const id = await remind(one, caseId, { what: "ヤマセミのことを聞く。", on: due }, now);
    expect(await everything()).not.toContain("ヤマセミ");
    expect(await dueIn(caseId, "2026-11-30")).toEqual([]);
    expect(await dueIn(caseId)).toMatchObject([{ id, what: "ヤマセミのことを聞く。", owner: { id: one.id } }]);
    const dueDays = async (who: Member) =>
      (await db.execute(dueReminders("2026-12-05", who.id))).filter((row) => row["case_id"] === caseId);
    expect(await dueDays(one)).toEqual([{ case_id: caseId, day: due, is_mine: true }]);
    expect(await dueDays(other)).toEqual([{ case_id: caseId, day: due, is_mine: false }]);
    await finishReminder(one, caseId, id, now);
    await finishReminder(one, caseId, id, now);
    expect(await dueIn(caseId)).toEqual([]);
    expect((await remindersOf(one, caseId, due)).map(({ doneAt }) => doneAt)).toEqual([now]);
    expect((await trailOf(id)).map(({ action }) => action)).toEqual(["write", "finish"]);
  });

  test("belongs to whoever holds the case on that day", async () => {
    const caseId = await heldBy(one);
    await remind(one, caseId, { what: "電話する。", on: due }, now);
    expect(await ownerIn(caseId)).toBe(one.id);
    const { version } = await openCase(one, caseId);
    await handOver(one, caseId, { to: other.id, note: "お願いします。", version });
    expect(await ownerIn(caseId)).toBe(other.id);
    expect((await remindersDue(one, due, { mine: true })).map((reminder) => reminder.caseId)).not.toContain(caseId);
    await unassign(one, caseId, other.id);
    expect(await ownerIn(caseId)).toBeNull();
    expect((await remindersDue(one, due, { mine: true })).map((reminder) => reminder.caseId)).toContain(caseId);
  });

  test("of somebody who left is nobody's, until the next takes the case", async () => {
    const leaver = await member("coordinator");
    const caseId = await heldBy(leaver);
    await remind(leaver, caseId, { what: "電話する。", on: due }, now);
    await disableStaff(leaver.email);
    expect(await ownerIn(caseId)).toBeNull();
    await claim(other, caseId);
    expect(await ownerIn(caseId)).toBe(other.id);
  });

  test("for a named person stays theirs, until they leave", async () => {
    const caseId = await heldBy(one);
    const third = await member("peer");
    await assign(one, caseId, { staff_id: third.id, role: "helper" });
    await remind(one, caseId, { what: "訪問する。", on: due, who: third.id }, now);
    expect(await ownerIn(caseId)).toBe(third.id);
    await disableStaff(third.email);
    expect(await ownerIn(caseId)).toBe(one.id);
  });

  test("goes to the stand-in on days of absence, and comes back after them", async () => {
    const holder = await member("coordinator");
    const caseId = await heldBy(holder);
    await remind(holder, caseId, { what: "電話する。", on: due }, now);
    await enterAbsence(holder, holder.id, { from: due, until: "2026-12-02", stand_in: other.id }, now);
    expect(await ownerIn(caseId, due)).toBe(other.id);
    expect(await ownerIn(caseId, "2026-12-02")).toBe(other.id);
    expect(await ownerIn(caseId, "2026-12-03")).toBe(holder.id);
  });

  test("falls silent when the family writes, and cannot be done any more", async () => {
    const who = await family();
    const id = await remind(one, who.caseId, { what: "返事を待つ。", on: due }, now);
    await write(await passOf(who), "もう少し書きます。");
    expect(await dueIn(who.caseId)).toEqual([]);
    const [kept] = await remindersOf(one, who.caseId, due);
    expect([kept?.what, kept?.silencedAt]).toEqual(["返事を待つ。", expect.any(Date)]);
    await expect(finishReminder(one, who.caseId, id, now)).rejects.toMatchObject({ name: "Refused" });
  });

  test("on a closed case keeps its owner", async () => {
    const caseId = await heldBy(one);
    await remind(one, caseId, { what: "様子を聞く。", on: due }, now);
    await close(one, caseId, { reason: "settled", version: (await openCase(one, caseId)).version });
    expect(await ownerIn(caseId)).toBe(one.id);
  });

  test("of an erased family stands in no list, and nothing of its words is left", async () => {
    const { caseId, reference } = await receive();
    await remind(one, caseId, { what: "電話する。", on: due }, now);
    await eraseFamily(reference);
    expect(await dueIn(caseId)).toEqual([]);
    expect((await remindersOf(one, caseId, due)).map(({ what }) => what)).toEqual([""]);
  });

  test("a peer reads those of their own cases alone", async () => {
    const caseId = await heldBy(one);
    await remind(one, caseId, { what: "電話する。", on: due }, now);
    const peer = await member("peer");
    expect(await remindersDue(peer, due)).toEqual([]);
    expect(await remindersOf(peer, caseId, due)).toEqual([]);
  });

  test.each([
    ["yesterday", "2026-11-19", "on"],
    ["more than two years ahead", "2028-11-22", "on"],
  ])("%s is refused", async (_, on, field) => {
    const caseId = await heldBy(one);
    await expect(remind(one, caseId, { what: "電話する。", on }, now)).rejects.toMatchObject({
      name: "Invalid",
      errors: { [field]: expect.anything() },
    });
  });

  test.each(["2026-11-20", "2028-11-20"])("%s, the first and the last day, are taken", async (on) => {
    expect(await remind(one, await heldBy(one), { what: "電話する。", on }, now)).toEqual(expect.any(String));
  });

  test("somebody who works on no case cannot be named", async () => {
    const analyst = await member("analyst");
    await expect(
      remind(one, await heldBy(one), { what: "電話する。", on: due, who: analyst.id }, now),
    ).rejects.toMatchObject({ name: "Invalid", errors: { who: expect.anything() } });
  });
});

describe("an entry of the journal", () => {
  const entry = {
    happened_at: "2026-11-20T14:30",
    channel: "phone",
    from_party: "staff",
    to_party: "family",
    what: "話した。",
  };

  test("carries what is to be done next, in one form", async () => {
    const caseId = await heldBy(one);
    const next = { next_what: "学校に電話する。", next_on: "2099-01-01" };
    const far = await postForm(`/staff/cases/${caseId}/entries`, { ...entry, ...next }, { cookie });
    const html = (await refusedPage(far, cookie)) ?? "";
    expect(elements(html, "a").map(({ href }) => href)).toContain("#entries-next_on");
    expect(await db.$count(entries, eq(entries.caseId, caseId))).toBe(0);
    const day = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const sent = await postForm(`/staff/cases/${caseId}/entries`, { ...entry, ...next, next_on: day }, { cookie });
    expect(sent.status).toBe(303);
    const [written] = (await openCase(one, caseId)).entries;
    expect(await remindersOf(one, caseId, day)).toMatchObject([
      { what: "学校に電話する。", dueDay: day, entryId: written?.id, owner: { id: one.id } },
    ]);
  });

  test.each([
    ["a day without words", { next_on: "2026-12-01" }, "next_what"],
    ["words without a day", { next_what: "電話する。" }, "next_on"],
    ["31 September", { next_what: "電話する。", next_on: "2026-09-31" }, "next_on"],
    ["a channel that only a handover has", { channel: "handover" }, "channel"],
  ])("%s: told at the field, and nothing is written", async (_, change, field) => {
    const caseId = await heldBy(one);
    const answer = await postForm(`/staff/cases/${caseId}/entries`, { ...entry, ...change }, { cookie });
    expect(await refusedPage(answer, cookie)).toContain(`#entries-${field}`);
    expect(await db.$count(entries, eq(entries.caseId, caseId))).toBe(0);
  });
});
