/** Correcting how a family is reached: what is stored, found, kept sealed, and mailed again once. */

import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { openCase } from "#api/cases/case.ts";
import { contactOf } from "#api/contacts/contacts.ts";
import { ContactForm } from "#api/contacts/forms.ts";
import { owedInCase } from "#api/promises/owed.ts";
import { search } from "#api/search/search.ts";
import { db, transaction } from "#db/client.ts";
import { consultations } from "#db/schema/consultations.ts";
import { deliveries, mailCounts, suppressions } from "#db/schema/mail.ts";
import { addressIndex } from "#emails/addresses.ts";
import { sendAgain } from "#emails/ledger/ledger.ts";
import { resendRefused } from "#emails/ledger/resend.ts";
import { limitKey, mailLimits } from "#emails/limits.ts";
import { everything, type Member, member, receive, trailOf } from "../requests.ts";
import { correct, familyWithRefusedNotice, familyWithRefusedReceipt, mailsOf, sendAll, versionOf } from "./families.ts";

let [coordinator, manager]: Member[] = [];
beforeAll(async () => {
  [coordinator, manager] = [await member("coordinator"), await member("manager")];
});
const me = () => coordinator as Member;

let addresses = 0;
const newAddress = () => `right${++addresses}@example.jp`;
const suppress = (email: string, reason: "bounce" | "request") =>
  db
    .insert(suppressions)
    .values({ emailIndex: addressIndex(email), reason })
    .onConflictDoNothing();
const contactIn = async (caseId: string) => (await openCase(me(), caseId)).consultations.at(-1);

describe("a corrected address", () => {
  test("gets the refused notice, once, and its acceptance keeps the promise", async () => {
    const { caseId } = await familyWithRefusedNotice(me());
    const email = newAddress();
    expect(await correct(me(), caseId, { email, resend: true })).toEqual({
      ...{ fields: ["email"], isResent: true, isBouncing: false },
    });
    expect((await owedInCase(db, caseId)).turn).toBe("ours");
    expect(await sendAll()).toEqual([email]);
    expect((await owedInCase(db, caseId)).turn).toBe("family");
    const [first, second, ...more] = await mailsOf(caseId, "reply_notice");
    expect([first?.state, second, more]).toEqual([
      "failed",
      { ...second, state: "accepted", resentFromId: first?.id },
      [],
    ]);
  });

  test("gets the receipt, where that was refused", async () => {
    const { caseId } = await familyWithRefusedReceipt();
    const email = newAddress();
    await correct(me(), caseId, { email, resend: true });
    expect(await sendAll()).toEqual([email]);
    expect((await mailsOf(caseId, "receipt")).map(({ state }) => state)).toEqual(["failed", "accepted"]);
  });

  test("gets nothing of itself, unless a mail is under way: that goes to it alone", async () => {
    const refused = await familyWithRefusedNotice(me());
    await correct(me(), refused.caseId, { email: newAddress() });
    expect(await sendAll()).toEqual([]);
    const queued = await receive({ email: "hana@exmaple.jp", reply_by: "email" });
    const email = newAddress();
    expect(await correct(me(), queued.caseId, { email, resend: true })).toMatchObject({ isResent: false });
    expect(await sendAll()).toEqual([email]);
  });

  test("is the one that search and the telephone find, not the old one", async () => {
    const { caseId } = await familyWithRefusedNotice(me(), { email: "old@example.jp", phone: "086-111-0001" });
    await correct(me(), caseId, { email: "New@Example.jp", phone: "086-111-0002" });
    const idsFor = async (typed: string) => (await search(me(), typed)).ids;
    expect([await idsFor("new@example.jp"), await idsFor("0861110002")]).toEqual([[caseId], [caseId]]);
    expect([await idsFor("old@example.jp"), await idsFor("0861110001")]).toEqual([[], []]);
  });

  test("keeps what belongs to no field of the page", async () => {
    const { caseId } = await receive({ email: "a@example.jp", affiliation: "見本小学校", name: "先生" });
    await correct(me(), caseId, { email: "b@example.jp", name: "先生", phone: "086-111-0003", reply_by: "phone" });
    expect(await contactIn(caseId)).toMatchObject({
      contact: { name: "先生", affiliation: "見本小学校", email: "b@example.jp", phone: "086-111-0003" },
      replyBy: "phone",
    });
    await correct(me(), caseId, { email: undefined, name: undefined, reply_by: "none" });
    expect((await contactIn(caseId))?.contact).toEqual({ affiliation: "見本小学校" });
    const [row] = await db.select().from(consultations).where(eq(consultations.caseId, caseId));
    expect([row?.emailIndex, row?.phoneIndex]).toEqual([null, null]);
  });
});

test("wishes for our calls are corrected like the number beside them, and what they were is kept sealed", async () => {
  const { caseId } = await receive({
    ...{ reply_by: "phone", phone: "086-111-0004", call_as: "name", call_who: "カナリヤという姉" },
  });
  const kept = { email: undefined, name: undefined, phone: "086-111-0004", reply_by: "phone" } as const;
  await correct(me(), caseId, { ...kept, call_as: "organisation", call_when: "夜" });
  const corrected = { phone: "086-111-0004", call_as: "organisation", call_when: "夜" };
  expect((await contactIn(caseId))?.contact).toEqual(corrected);
  const { corrections } = await contactOf(manager as Member, caseId);
  expect(corrections).toMatchObject([
    { fields: ["call_as", "call_when", "call_who"], before: { call_as: "name", call_who: "カナリヤという姉" } },
  ]);
  expect((await everything()).includes("カナリヤ")).toBe(false);
  await correct(me(), caseId, kept);
  expect((await contactIn(caseId))?.contact).toEqual({ phone: "086-111-0004" });
});

test("what stood there before is sealed, opened on the page of the contact alone, and the trail has no address", async () => {
  const { caseId } = await familyWithRefusedNotice(me(), { email: "former@example.jp" });
  await correct(me(), caseId, { email: "present@example.jp", reply_by: "none" });
  const all = await everything();
  expect([all.includes("former@example.jp"), all.includes("present@example.jp")]).toEqual([false, false]);
  expect(await trailOf(caseId)).toContainEqual({
    ...{ action: "correct_contact", staffId: me().id, detail: { fields: "email,reply_by" } },
  });
  const { corrections } = await contactOf(manager as Member, caseId);
  expect(corrections).toMatchObject([
    { by: me().name, fields: ["email", "reply_by"], before: { email: "former@example.jp", reply_by: "email" } },
  ]);
  expect((await trailOf(caseId)).at(-1)).toMatchObject({ action: "view", detail: { former_contacts: 1 } });
});

test("of an address that is not the family's any more no count is left, which its erasure would not find", async () => {
  const email = newAddress();
  const { caseId } = await receive({ email, reply_by: "email" });
  const counted = () => db.$count(mailCounts, eq(mailCounts.address, limitKey(addressIndex(email))));
  const before = await counted();
  await correct(me(), caseId, { email: newAddress() });
  expect([before, await counted()]).toEqual([1, 0]);
  await sendAll();
});

test("nothing changed, nothing written down", async () => {
  const { caseId } = await familyWithRefusedNotice(me(), { name: "花" });
  const before = await versionOf(caseId);
  expect(await correct(me(), caseId, {})).toEqual({ fields: [], isResent: false, isBouncing: false });
  expect([await versionOf(caseId), (await contactOf(me(), caseId)).corrections]).toEqual([before, []]);
});

describe("nothing is mailed twice", () => {
  test("two people who correct at once: one is stored, the other is told who and when", async () => {
    const { caseId } = await familyWithRefusedNotice(me());
    const version = await versionOf(caseId);
    const outcomes = await Promise.allSettled(
      [me(), manager as Member].map((who) => correct(who, caseId, { email: newAddress(), resend: true, version })),
    );
    const refused = outcomes.flatMap((one) => (one.status === "rejected" ? [String(one.reason)] : []));
    expect(refused).toEqual([expect.stringMatching(/さんが \d\d:\d\d に連絡先を直しました。いまの内容を確かめて/u)]);
    expect(await sendAll()).toHaveLength(1);
  });

  test("pressed again on a fresh page, when the mail is on its way or has arrived", async () => {
    const { caseId } = await familyWithRefusedNotice(me());
    const email = newAddress();
    await correct(me(), caseId, { email, resend: true });
    expect(await correct(me(), caseId, { email, resend: true })).toMatchObject({ fields: [], isResent: false });
    expect(await sendAll()).toEqual([email]);
    expect(await correct(me(), caseId, { email, resend: true })).toMatchObject({ isResent: false });
    expect(await sendAll()).toEqual([]);
  });

  test("the ledger allows no second mail for a refused one", async () => {
    const { caseId } = await familyWithRefusedNotice(me());
    const [refused] = await mailsOf(caseId, "reply_notice");
    const [row] = await db
      .select()
      .from(deliveries)
      .where(eq(deliveries.id, refused?.id ?? ""));
    const of = { leadId: row?.leadId ?? "", emailIndex: addressIndex("x@example.jp") };
    // Without the lock of the case, all at the same moment.
    const all = await Promise.allSettled(
      Array.from({ length: 8 }, () => transaction((tx) => resendRefused(tx, me(), of, new Date()))),
    );
    const queued = all.filter((one) => one.status === "fulfilled" && one.value === "queued");
    expect([queued.length, (await mailsOf(caseId, "reply_notice")).length]).toEqual([1, 2]);
    await sendAll();
  });

  test("the list of mails sends no refused mail of a family again", async () => {
    const { caseId } = await familyWithRefusedNotice(me());
    const [refused] = await mailsOf(caseId, "reply_notice");
    await expect(sendAgain(me(), refused?.id ?? "")).rejects.toThrow("連絡先を確かめるページから");
    expect(await sendAll()).toEqual([]);
  });
});

describe("an address to which nothing may be sent", () => {
  test("that bounces is refused at its field, and nothing is stored; alone it is stored, and said", async () => {
    const { caseId } = await familyWithRefusedNotice(me());
    const email = newAddress();
    await suppress(email, "bounce");
    await expect(correct(me(), caseId, { email, resend: true })).rejects.toMatchObject({
      errors: { email: expect.stringContaining("送信を止めています") as string },
    });
    expect((await contactIn(caseId))?.contact.email).toBe("hana@exmaple.jp");
    expect(await correct(me(), caseId, { email })).toMatchObject({ fields: ["email"], isBouncing: true });
    expect((await contactOf(me(), caseId)).isBouncing).toBe(true);
  });

  test("that stopped the newsletter still gets what the family waits for", async () => {
    const { caseId } = await familyWithRefusedNotice(me());
    const email = newAddress();
    await suppress(email, "request");
    await correct(me(), caseId, { email, resend: true });
    expect(await sendAll()).toEqual([email]);
  });

  test("the old one's bounce does not hold the new one up", async () => {
    const { caseId } = await familyWithRefusedNotice(me(), { email: "bounced@example.jp" });
    await suppress("bounced@example.jp", "bounce");
    const email = newAddress();
    await correct(me(), caseId, { email, resend: true });
    expect(await sendAll()).toEqual([email]);
  });

  test("that had three receipts within the hour is refused at its field", async () => {
    const email = newAddress();
    for (let sent = 0; sent < mailLimits.receipt.most; sent++) await receive({ email, reply_by: "email" });
    await sendAll();
    const { caseId } = await familyWithRefusedReceipt();
    await expect(correct(me(), caseId, { email, resend: true })).rejects.toMatchObject({
      errors: { email: expect.stringContaining("この1時間に") as string },
    });
    expect(await correct(me(), caseId, { email })).toMatchObject({ fields: ["email"] });
  });
});

test("a receipt whose promised day is over is not sent again: it would promise that day once more", async () => {
  const { caseId } = await familyWithRefusedReceipt();
  await db.update(consultations).set({ replyByDate: "2020-01-06" }).where(eq(consultations.caseId, caseId));
  expect((await contactOf(me(), caseId)).refused?.isWorthSending).toBe(false);
  expect(await correct(me(), caseId, { email: newAddress(), resend: true })).toMatchObject({ isResent: false });
  expect(await sendAll()).toEqual([]);
});

test("a family that wanted no answer and now does is promised one, once", async () => {
  const { caseId } = await receive({ phone: "086-111-0004" });
  const phone = "086-111-0004";
  expect((await owedInCase(db, caseId)).turn).toBe("unread");
  await correct(me(), caseId, { email: undefined, phone, reply_by: "phone" });
  await correct(me(), caseId, { email: undefined, phone, reply_by: "none" });
  await correct(me(), caseId, { email: undefined, phone, reply_by: "phone" });
  expect((await owedInCase(db, caseId)).open).toHaveLength(1);
});

test("peers, and those who do no casework, correct nothing", async () => {
  const { caseId } = await familyWithRefusedNotice(me());
  for (const role of ["peer", "fundraiser", "analyst"] as const) {
    const who = await member(role);
    await expect(correct(who, caseId, { email: newAddress() })).rejects.toMatchObject({ name: "Forbidden" });
    await expect(contactOf(who, caseId)).rejects.toMatchObject({ name: "Forbidden" });
  }
});

test.each([
  ["an answer by mail needs an address", { reply_by: "email" }, ["email"]],
  ["an answer by telephone needs a number", { reply_by: "phone" }, ["phone"]],
  ["sending again needs an address", { reply_by: "none", resend: "true" }, ["email"]],
  ["no way to answer was chosen", {}, ["reply_by"]],
  ["a broken address and number", { reply_by: "none", email: "hana", phone: "12" }, ["email", "phone"]],
])("%s", (_, fields, wrong) => {
  const parsed = ContactForm.safeParse({ version: "1", ...fields });
  expect(parsed.error?.issues.map(({ path }) => path[0]).toSorted()).toEqual(wrong);
});
