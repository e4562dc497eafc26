/** A call becomes a case: every way to answer, with and without consent and number. */

import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { assign } from "#api/cases/assign.ts";
import { openCaseAsPeer } from "#api/peers/peer-case.ts";
import { CallForm, CallOnCaseForm } from "#api/phone-intake/forms.ts";
import { keepCall } from "#api/phone-intake/keep-call.ts";
import { receiveCall } from "#api/phone-intake/receive-call.ts";
import { recordConsent } from "#api/phone-intake/record-consent.ts";
import { remindersOf } from "#api/reminders/reminders.ts";
import { listToday } from "#api/today/today.ts";
import { replyByDate } from "#db/calendar/calendar.ts";
import { dayAfter, dayOf, wallClock } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { deliveries } from "#db/schema/mail.ts";
import { staffNotices } from "#db/schema/notices.ts";
import { callWishesInWords } from "#db/terms/calls.ts";
import { phoneIntakeWords } from "#db/words/staff/phone-intake.ts";
import { wordsIn } from "#db/words/words.ts";
import { composeReceipt } from "#emails/composers/families.ts";
import { elements } from "../../site/html.ts";
import { everything, type Fields, get, type Member, member, refusedPage, signIn, trailOf } from "../requests.ts";
import { call, caseCount, caseIn, freshNumber, opened, page, rowsOf, send } from "./calls.ts";

let staff = {} as Member;
let cookie = "";
beforeAll(async () => {
  staff = await member("coordinator");
  cookie = await signIn(staff);
});

const receive = async (fields: Fields) => caseIn(await send(cookie, call(fields)));

describe.each<[string, Fields, { replyBy: string; turn: string; mails: number }]>([
  ["call_back", {}, { replyBy: "phone", turn: "ours", mails: 0 }],
  ["email", { address: "kuri@example.jp" }, { replyBy: "email", turn: "ours", mails: 1 }],
  ["spoken", {}, { replyBy: "phone", turn: "family", mails: 0 }],
  ["none", {}, { replyBy: "none", turn: "family", mails: 0 }],
])("a call to be answered by %s", (answer, more, expected) => {
  describe.each(["given", "not_asked"])("consent %s", (consent) => {
    test.each([true, false])("with a number: %s", async (hasNumber) => {
      const before = await caseCount();
      const number = hasNumber ? { phone: freshNumber() } : ({} as Fields);
      const sent = await send(cookie, call({ answer, consent, ...more, ...number }));
      if (answer === "call_back" && !hasNumber) {
        expect(await refusedPage(sent, cookie)).toContain(phoneIntakeWords.phoneForCallBack);
        expect(await caseCount()).toBe(before);
        return;
      }
      expect(sent.headers.get("location")).toMatch(/\/staff\/cases\/[0-9a-f-]{36}\?done=taken/u);
      const caseId = caseIn(sent);
      const found = await opened(staff, caseId);
      const rows = await rowsOf(caseId);
      expect(rows.lead).toMatchObject({ kind: "consultation", channel: "phone", spamScore: 0, clickId: null });
      expect(rows.lead?.reference).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/u);
      expect(found).toMatchObject({ state: "open", owed: { turn: expected.turn } });
      expect(found.holders.responsible?.staffId).toBe(staff.id);
      expect(found.asked).toMatchObject({ message: "来週から入院します。", replyBy: expected.replyBy });
      expect(found.asked?.contact.phone).toBe(number["phone"]);
      expect(rows.consultation?.phoneIndex === null).toBe(!hasNumber);
      expect(await db.$count(deliveries, eq(deliveries.leadId, rows.lead?.id ?? ""))).toBe(expected.mails);
      const isGiven = consent === "given";
      expect(rows.consultation).toMatchObject({
        consent: isGiven ? wordsIn("ja").consents.spoken : null,
        consentAskedBy: isGiven ? staff.id : null,
        consentAskedAt: isGiven ? expect.any(Date) : null,
      });
      const due = replyByDate(rows.lead?.receivedAt ?? new Date());
      expect(
        (await remindersOf(staff, caseId, due)).map(({ what, dueDay, owner }) => [what, dueDay, owner?.id]),
      ).toEqual(isGiven ? [] : [[phoneIntakeWords.askForConsent, due, staff.id]]);
      expect((await trailOf(caseId))[0]).toEqual({
        action: "receive",
        staffId: staff.id,
        detail: { channel: "phone" },
      });
    });
  });
});

test("an answer in the conversation is an entry from staff to the family, which keeps the promise by the ordinary rule", async () => {
  const caseId = await receive({ answer: "spoken", name: "栗田", lead_channel: "visit" });
  const found = await opened(staff, caseId);
  expect(found.entries).toMatchObject([
    { channel: "meeting", fromParty: "staff", toParty: "family", outcome: "spoke", body: { whom: "栗田" } },
  ]);
  expect(found.promises).toMatchObject([{ keptAt: expect.any(Date), endedAt: null }]);
  expect((await rowsOf(caseId)).lead?.channel).toBe("visit");
});

test.each(["peer", "fundraiser", "analyst"] as const)("a %s takes no call, and records no consent", async (role) => {
  const other = await member(role);
  const forbidden = { name: "Forbidden" };
  const caseId = await receive({ consent: "not_asked" });
  const form = CallForm.parse(call());
  await expect(receiveCall(other, form)).rejects.toMatchObject(forbidden);
  await expect(keepCall(other, CallOnCaseForm.parse({ message: "x", to_case: caseId }))).rejects.toMatchObject(
    forbidden,
  );
  await expect(recordConsent(other, caseId)).rejects.toMatchObject(forbidden);
});

test("whoever took the call has read it, is responsible by their own hand, and nobody is notified", async () => {
  const caseId = await receive({});
  expect((await listToday(staff)).groups.family.map(({ id }) => id)).not.toContain(caseId);
  expect((await opened(staff, caseId)).changes.map(({ by, whom }) => [by, whom])).toEqual([[staff.name, staff.name]]);
  expect(await db.$count(staffNotices, eq(staffNotices.caseId, caseId))).toBe(0);
});

test("words, name, number and how they heard of us are stored sealed", async () => {
  await receive({ message: "ヤマセミの話", name: "カワセミ", phone: "086-765-4321", heard: "ミサゴ先生の紹介" });
  const all = await everything();
  const words = ["ヤマセミ", "カワセミ", "765-4321", "7654321", "ミサゴ"];
  expect(words.filter((word) => all.includes(word))).toEqual([]);
});

describe("how they heard of us", () => {
  test.each([
    ["a label of the list is its code", "病院・医療職の紹介", { heardFrom: "hospital", heardWords: "" }],
    ["other words are kept as they are", "ミサゴ先生から", { heardFrom: null, heardWords: "ミサゴ先生から" }],
    ["half-width katakana is the label too", "ﾁﾗｼ・冊子", { heardFrom: "leaflet", heardWords: "" }],
  ])("%s", async (_, heard, expected) => {
    expect((await opened(staff, await receive({ heard }))).asked).toMatchObject(expected);
  });
});

test("a peer who accompanies the family reads no such words, which may name somebody, and no number", async () => {
  const caseId = await receive({ heard: "ミサゴ先生から", phone: freshNumber() });
  const peer = await member("peer");
  await assign(staff, caseId, { staff_id: peer.id });
  const shown = JSON.stringify(await openCaseAsPeer(peer, caseId));
  expect(shown).toContain(caseId);
  // Ids of rows may hold such digits by chance.
  const words = shown.replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gu, "");
  expect(words).not.toMatch(/ミサゴ|phone|\d{3}-\d{4}/u);
});

describe("wishes for our calls", () => {
  const wishes = { call_as: "name", call_message: "no", call_when: "平日の昼休み", call_who: "カワラヒワという姉" };

  test("lie sealed beside the number, and stand where staff dial", async () => {
    const caseId = await receive({ phone: freshNumber(), answer: "call_back", ...wishes });
    expect((await everything()).includes("カワラヒワ")).toBe(false);
    expect((await opened(staff, caseId)).asked?.contact).toMatchObject(wishes);
    const html = await (await get(`/staff/cases/${caseId}`, { cookie })).text();
    for (const wish of callWishesInWords((await opened(staff, caseId)).asked?.contact ?? {}))
      expect(html).toContain(wish);
  });

  test("are asked in a fold, which is open once something is noted or wrong", async () => {
    const isOpen = (html = "") => elements(html, "details").find((one) => one["class"] === "wishes")?.["open"];
    expect(isOpen(await page(cookie, "?draft=none"))).toBeUndefined();
    const tooLong = await send(cookie, call({ call_when: "あ".repeat(201) }));
    const html = await refusedPage(tooLong, cookie);
    expect(html).toContain('href="#call_when"');
    expect(isOpen(html)).toBe("");
    expect(isOpen(await refusedPage(await send(cookie, call({ message: " ", call_as: "name" })), cookie))).toBe("");
  });

  test("that were not asked are no wishes", async () => {
    const caseId = await receive({ call_as: "", call_message: "", call_when: " ", call_who: "" });
    expect(callWishesInWords((await opened(staff, caseId)).asked?.contact ?? {})).toEqual([]);
  });
});

describe("the number", () => {
  test.each([
    ["with an extension", "086-123-4567 内線12", true],
    ["with an extension in English", "086-123-4567 ext. 12", true],
    ["in full width", "０８６－１２３－４５６７", true],
    ["with the country code", "+81 86-123-4567", true],
    ["that is too short", "123", false],
    ["that is none", "非通知", false],
  ])("%s never turns a call away", async (_, phone, isIndexed) => {
    const sent = await send(cookie, call({ phone, answer: "call_back" }));
    const caseId = caseIn(sent);
    expect((await opened(staff, caseId)).asked?.contact.phone).toBe(phone);
    expect((await rowsOf(caseId)).consultation?.phoneIndex !== null).toBe(isIndexed);
    expect(sent.headers.get("location")?.endsWith("?done=taken_odd_number")).toBe(!isIndexed);
  });
});

describe("a refused form", () => {
  test.each<[string, Fields, string]>([
    ["without words", { message: "  " }, "message"],
    ["without a way to answer", { answer: "" }, "answer"],
    ["without an answer about consent", { consent: "" }, "consent"],
    ["to be answered by mail, without an address", { answer: "email" }, "address"],
    ["with an address that cannot be one", { answer: "email", address: "kuri" }, "address"],
  ])("%s comes back with everything that was typed", async (_, change, field) => {
    const before = await caseCount();
    const typed = { phone: "086-000-9999", name: "栗田", heard: "友だち", ...change };
    const html = (await refusedPage(await send(cookie, call(typed)), cookie)) ?? "";
    expect(html).toContain(`href="#${field}"`);
    for (const word of ["086-000-9999", "栗田", "友だち"]) expect(html).toContain(word);
    expect(await caseCount()).toBe(before);
  });

  test("an address in the box that is not shown is no error, and is not stored", async () => {
    const caseId = await receive({ answer: "none", address: "kuri@" });
    expect((await opened(staff, caseId)).asked?.contact.email).toBeUndefined();
  });
});

describe("when the call came", () => {
  test("a draft that is finished on the next day counts from the day of the call", async () => {
    const began = new Date(Date.now() - 30 * 3_600_000);
    const caseId = await receive({ phone: freshNumber(), answer: "call_back", began_at: wallClock(began) });
    const { lead, consultation } = await rowsOf(caseId);
    expect(wallClock(lead?.receivedAt ?? new Date(0))).toBe(wallClock(began));
    expect(consultation?.replyByDate).toBe(replyByDate(began));
    expect(consultation?.consentAskedAt).toEqual(lead?.receivedAt);
  });

  test("a reminder to ask for consent of such a call is not written for a day that is over", async () => {
    const began = new Date(Date.now() - 20 * 86_400_000);
    const caseId = await receive({ consent: "not_asked", began_at: wallClock(began) });
    expect((await rowsOf(caseId)).reminders.map(({ dueDay }) => dueDay)).toEqual([dayOf(new Date())]);
  });

  test.each([
    ["tomorrow", () => `${dayAfter(dayOf(new Date()))}T10:00`],
    ["years ago", () => "2019-01-01T10:00"],
    ["no time at all", () => "later"],
    ["31 September", () => "2026-09-31T10:00"],
  ])("%s counts as now", async (_, began) => {
    const { lead } = await rowsOf(await receive({ began_at: began() }));
    expect(Math.abs(Date.now() - (lead?.receivedAt.getTime() ?? 0))).toBeLessThan(60_000);
  });
});

describe("pressed more than once", () => {
  const key = () => `call-${Math.random()}`;

  test("twice after each other: one case, the same answer", async () => {
    const fields = call({ key: key() });
    const before = await caseCount();
    const [first, second] = [await send(cookie, fields), await send(cookie, fields)];
    expect(second.headers.get("location")).toBe(first.headers.get("location"));
    expect(await caseCount()).toBe(before + 1);
  });

  test("eight times at once: one case", async () => {
    const fields = call({ key: key(), phone: freshNumber(), answer: "spoken" });
    const before = await caseCount();
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(cookie, fields)));
    expect(new Set(answers.map((answer) => answer.headers.get("location"))).size).toBe(1);
    expect(await caseCount()).toBe(before + 1);
    expect((await rowsOf(caseIn(answers[0] as Response))).entries).toHaveLength(1);
  });
});

test("the receipt of a call says that the code is told in person, not that a screen has shown it", async () => {
  const { lead } = await rowsOf(await receive({ answer: "email", address: "receipt@example.jp" }));
  const composed = await composeReceipt({ id: lead?.id ?? "", leadId: lead?.id });
  const { read, readSpoken } = wordsIn("ja").mails.receipt;
  const text = typeof composed === "string" ? composed : composed.content.text.replaceAll(/\s/gu, "");
  expect([text.includes(readSpoken), text.includes(read)]).toEqual([true, false]);
});

test("an address gets no more receipts of calls than of forms", async () => {
  const address = `often-${Math.random()}@example.jp`.toLowerCase();
  const states: (string | undefined)[] = [];
  for (let n = 0; n < 4; n++) {
    const { lead } = await rowsOf(await receive({ answer: "email", address }));
    const [mail] = await db
      .select()
      .from(deliveries)
      .where(eq(deliveries.leadId, lead?.id ?? ""));
    states.push(mail?.state);
  }
  expect(states.map((state) => state === "cancelled")).toEqual([false, false, false, true]);
});

test("the page names the day of the promise and the sentence that is read aloud", async () => {
  const html = await page(cookie, "?draft=none");
  expect(html).toContain(wordsIn("ja").consents.spoken);
  expect(html).toMatch(/\d+月\d+日（.）までにお返事する約束になります/u);
});
