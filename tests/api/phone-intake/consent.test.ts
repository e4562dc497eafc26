/** Consent by word of mouth: asked for later, recorded once, and looked at after 30 days. */

import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { close } from "#api/cases/close.ts";
import { recordConsent } from "#api/phone-intake/record-consent.ts";
import { finishReminder } from "#api/reminders/remind.ts";
import { type GroupName, groupNames } from "#api/today/groups.ts";
import { listToday } from "#api/today/today.ts";
import { dayAfter, dayOf, formatDay, instantOf } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { consultations } from "#db/schema/consultations.ts";
import { leads } from "#db/schema/leads.ts";
import { wordsIn } from "#db/words/words.ts";
import { words } from "../../site/html.ts";
import { get, type Member, member, postForm, receive, signIn, trailOf } from "../requests.ts";
import { call, caseIn, opened, rowsOf, send } from "./calls.ts";

let staff = {} as Member;
let cookie = "";
beforeAll(async () => {
  staff = await member("coordinator");
  cookie = await signIn(staff);
});

const unasked = async (fields = {}) => caseIn(await send(cookie, call({ consent: "not_asked", ...fields })));
const record = (caseId: string) => postForm(`/staff/cases/${caseId}/consent`, {}, { cookie });
const pageOf = async (caseId: string, as = cookie) =>
  words(await (await get(`/staff/cases/${caseId}`, { cookie: as })).text());
const today = dayOf(new Date());

describe("the page of a case", () => {
  test("says that nobody has asked yet, and records the consent by one button, with who and when", async () => {
    const caseId = await unasked();
    expect(await pageOf(caseId)).toContain("まだ聞いていません");
    expect((await record(caseId)).headers.get("location")).toBe(`/staff/cases/${caseId}?done=consent`);
    const { consultation } = await rowsOf(caseId);
    expect(consultation).toMatchObject({ consent: wordsIn("ja").consents.spoken, consentAskedBy: staff.id });
    const day = formatDay(today).slice(0, -3);
    const html = await pageOf(caseId);
    expect(html).toContain(`口頭で（${staff.name}、${day}）`);
    expect(html).not.toContain("同意をもらった");
  });

  test.each([
    ["phone", "電話で"],
    ["visit", "来所で"],
  ])("says of a call with consent how it was given: %s", async (lead_channel, how) => {
    const caseId = caseIn(await send(cookie, call({ lead_channel })));
    expect(await pageOf(caseId)).toContain(`${how}（${staff.name}、`);
  });

  test("of a request from the form says nothing of it, and has no button", async () => {
    const { caseId } = await receive();
    expect(await pageOf(caseId)).not.toContain("同意");
  });
});

test("recording ends the reminder to ask, and twice is the same success with one row in the trail", async () => {
  const caseId = await unasked();
  await recordConsent(staff, caseId);
  const first = (await rowsOf(caseId)).consultation;
  await recordConsent(await member("manager"), caseId);
  const { consultation, reminders } = await rowsOf(caseId);
  expect(consultation).toEqual(first);
  expect(reminders).toMatchObject([{ doneBy: staff.id }]);
  expect((await trailOf(caseId)).filter(({ action }) => action === "record_consent")).toHaveLength(1);
});

test("a call about the case in which consent was given records it, too", async () => {
  const caseId = await unasked();
  await send(cookie, { ...call(), to_case: caseId });
  expect((await rowsOf(caseId)).consultation?.consent).toBe(wordsIn("ja").consents.spoken);
});

test("a consent that was ticked on a form is never replaced", async () => {
  const { caseId } = await receive();
  const before = (await rowsOf(caseId)).consultation;
  await record(caseId);
  expect((await rowsOf(caseId)).consultation).toEqual(before);
});

describe("きょう", () => {
  /** A call of this many days ago without consent, whose reminder was done without asking. */
  async function since(days: number) {
    const caseId = await unasked();
    const { lead, reminders } = await rowsOf(caseId);
    await db
      .update(leads)
      .set({ receivedAt: instantOf(dayAfter(today, -days), "23:59") })
      .where(eq(leads.id, lead?.id ?? ""));
    for (const { id } of reminders) await finishReminder(staff, caseId, id);
    return caseId;
  }
  async function placesOf(id: string): Promise<GroupName[]> {
    const { groups } = await listToday(staff);
    return groupNames.filter((name) => groups[name].some((one) => one.id === id));
  }

  test.each([
    [29, []],
    [30, ["review"]],
    [31, ["review"]],
  ])("%d days after a call without consent", async (days, places) => {
    expect(await placesOf(await since(days))).toEqual(places);
  });

  test("shows it with its reason, until the consent is recorded or the case is closed", async () => {
    const [recorded, closed] = [await since(40), await since(40)];
    expect(words(await (await get("/staff", { cookie })).text())).toContain("同意まだ");
    await record(recorded);
    await close(staff, closed, { reason: "settled", version: (await opened(staff, closed)).version });
    expect([await placesOf(recorded), await placesOf(closed)]).toEqual([[], []]);
  });

  test("the reminder stands in the group of reminders on its day", async () => {
    const caseId = await unasked({ began_at: `${dayAfter(today, -20)}T10:00` });
    expect(await placesOf(caseId)).toEqual(["reminder"]);
  });
});

test("the tables allow no consent by word of mouth without who asked and when", async () => {
  const caseId = await unasked();
  const change = (set: object) => db.update(consultations).set(set).where(eq(consultations.caseId, caseId));
  await expect(change({ consent: "はい", consentAskedBy: staff.id })).rejects.toThrow();
  await expect(change({ consentAskedBy: staff.id, consentAskedAt: new Date() })).rejects.toThrow();
});
