/** Drafts of a call, and the earlier cases with its number. */

import { and, desc, eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { close, reopen } from "#api/cases/close.ts";
import { openCallPage } from "#api/phone-intake/earlier-cases.ts";
import { eraseFamily } from "#api/privacy/erase.ts";
import { remindersOf } from "#api/reminders/reminders.ts";
import { replyByDate } from "#db/calendar/calendar.ts";
import { db } from "#db/client.ts";
import { drafts, formKeys } from "#db/schema/drafts.ts";
import { auditEvents } from "#db/schema/staff.ts";
import { callAs, callMessage } from "#db/terms/calls.ts";
import { phoneIntakeWords } from "#db/words/staff/phone-intake.ts";
import { get, type Member, member, postForm, receive, refusedPage, signIn } from "../requests.ts";
import { call, caseCount, caseIn, freshNumber, opened, page, rowsOf, send } from "./calls.ts";

let staff = {} as Member;
let cookie = "";
beforeAll(async () => {
  staff = await member("coordinator");
  cookie = await signIn(staff);
});

const ownDrafts = () => db.$count(drafts, eq(drafts.staffId, staff.id));
const found = async (phone: string) => {
  const { earlier } = await openCallPage(staff, { phone });
  return Array.isArray(earlier) ? earlier.map(({ id }) => id) : earlier;
};

describe("a draft", () => {
  test("is kept when the page is left by its button, is there again after signing in anew, and ends when the call is taken in", async () => {
    const typed = call({ message: "とちゅうまで書いた", name: "栗田", answer: "none", do: "draft", key: "draft-1" });
    const left = await send(cookie, typed);
    expect(left.headers.get("location")).toBe("/staff");
    await postForm("/staff/sign-out", {}, { cookie });
    cookie = await signIn(staff);
    const html = await page(cookie);
    for (const word of ["とちゅうまで書いた</textarea>", 'value="栗田"', "まだ保存されていません"])
      expect(html).toContain(word);
    const [draft] = await db.select().from(drafts).where(eq(drafts.staffId, staff.id));
    expect(draft).toMatchObject({ form: "/staff/cases/new", caseId: null });
    expect(await db.$count(formKeys, eq(formKeys.form, "/staff/cases/new"))).toBe(0);
    await send(cookie, { ...typed, do: "take", key: "draft-2", draft: draft?.id ?? "" });
    expect(await ownDrafts()).toBe(0);
    expect(await page(cookie)).not.toContain("とちゅうまで書いた");
  });

  test("of another call is offered above an empty form, and opens by its link; nobody else sees it", async () => {
    await send(cookie, call({ message: "前の電話", name: "橋本", do: "draft", key: "other-1" }));
    const html = await page(cookie, "?draft=none");
    expect(html).toContain("の下書き");
    expect(html).toContain("橋本");
    expect(html).not.toContain("前の電話</textarea>");
    const [draft] = await db.select().from(drafts).where(eq(drafts.staffId, staff.id));
    expect(await page(cookie, `?draft=${draft?.id}`)).toContain("前の電話</textarea>");
    const other = await signIn(await member("coordinator"));
    expect(await page(other, `?draft=${draft?.id}`)).not.toContain("前の電話");
    await db.delete(drafts);
  });

  test("without a typed word is none, though an answer is chosen", async () => {
    await send(cookie, { do: "draft", lead_channel: "phone", answer: "none", consent: "given", key: "empty" });
    expect(await ownDrafts()).toBe(0);
  });

  test("is saved by looking, whatever was typed so far, and stands beside what was found", async () => {
    const phone = freshNumber();
    const caseId = caseIn(await send(cookie, call({ phone, name: "栗田 まき", message: "前に話したこと" })));
    const looked = await send(cookie, { phone, do: "look", key: "look-1" });
    expect(looked.headers.get("location")).toBe("/staff/cases/new#found");
    const html = await page(cookie);
    expect(html).toContain(`value="${phone}"`);
    for (const part of [`/staff/cases/${caseId}#now`, "栗田 まき", "前に話したこと", "1件"])
      expect(html).toContain(part);
    await send(cookie, { phone, message: "続き", do: "look", key: "look-1" });
    expect(await ownDrafts()).toBe(1);
    await db.delete(drafts);
  });

  test("of a call whose session had ended is there after signing in", async () => {
    const answer = await postForm("/staff/cases/new", call({ message: "時間切れの話" }), {
      headers: { referer: "http://localhost/staff/cases/new" },
    });
    expect([answer.status, (await answer.text()).includes("時間切れの話")]).toEqual([401, true]);
  });
});

describe("the earlier cases of a number", () => {
  test.each([
    ["as it was typed", (n: string) => n],
    ["without dashes", (n: string) => n.replaceAll("-", "")],
    ["in full width", (n: string) => n.replaceAll(/\d/gu, (d) => String.fromCodePoint(0xff10 + Number(d)))],
    ["with the country code", (n: string) => `+81 ${n.slice(1)}`],
    ["with brackets", (n: string) => n.replace(/^(\d+)-/u, "($1) ")],
    ["with an extension", (n: string) => `${n} 内線 3`],
  ])("are found: %s", async (_, spelling) => {
    const phone = freshNumber();
    const caseId = caseIn(await send(cookie, call({ phone })));
    expect(await found(spelling(phone))).toEqual([caseId]);
  });

  test("are found by the number when the call that made them had an extension, and those of the form too", async () => {
    const phone = freshNumber();
    const first = await receive({ reply_by: "phone", phone });
    const second = caseIn(await send(cookie, call({ phone: `${phone} 内線12` })));
    expect(await found(phone)).toEqual([second, first.caseId]);
  });

  test("of an erased family are not found", async () => {
    const phone = freshNumber();
    const caseId = caseIn(await send(cookie, call({ phone })));
    await eraseFamily((await rowsOf(caseId)).lead?.reference ?? "");
    expect(await found(phone)).toEqual([]);
  });

  test("leave one row in the trail for the whole list", async () => {
    const phone = freshNumber();
    await send(cookie, call({ phone }));
    await send(cookie, call({ phone, message: "二度目" }));
    await found(phone);
    const [row] = await db
      .select()
      .from(auditEvents)
      .where(and(eq(auditEvents.action, "view"), eq(auditEvents.staffId, staff.id)))
      .orderBy(desc(auditEvents.id))
      .limit(1);
    expect(row?.detail).toEqual({ list: "phone_intake", count: 2 });
  });

  test("are not looked for without a number, and what cannot be one is said", async () => {
    expect(await found(" ")).toBe("none");
    expect(await found("非通知")).toBe("odd");
    await send(cookie, { phone: "12", do: "look", key: "odd-1" });
    expect(await page(cookie)).toContain(phoneIntakeWords.oddNumber);
    await db.delete(drafts);
  });

  test("are no peer's to see", async () => {
    const peer = await member("peer");
    await expect(openCallPage(peer, { phone: "086-000-0001" })).rejects.toMatchObject({ name: "Forbidden" });
    const shown = await get("/staff/cases/new", { cookie: await signIn(peer), headers: { accept: "text/html" } });
    expect(shown.status).toBe(403);
  });
});

describe("a call about an open case", () => {
  const keep = (caseId: string, fields = {}) => send(cookie, { ...call(fields), to_case: caseId });

  test("is written into its journal, makes no case and keeps no promise by itself", async () => {
    const { caseId } = await receive({ reply_by: "phone", phone: "086-000-0000" });
    const before = await caseCount();
    const sent = await keep(caseId, { message: "日にちが変わりました。", name: "栗田", answer: "call_back" });
    expect(sent.headers.get("location")).toBe(`/staff/cases/${caseId}?done=entry`);
    const { entries, owed } = await opened(staff, caseId);
    expect(entries).toMatchObject([
      { channel: "phone", fromParty: "family", toParty: "staff", outcome: null, authorId: staff.id },
    ]);
    expect(entries[0]?.body).toEqual({ who: "栗田", whom: "", what: "日にちが変わりました。" });
    expect([owed.turn, await caseCount()]).toEqual(["ours", before]);
  });

  test("that was answered at once keeps what was promised", async () => {
    const { caseId } = await receive({ reply_by: "phone", phone: "086-000-0000" });
    await keep(caseId, { answer: "spoken" });
    const { entries, owed } = await opened(staff, caseId);
    expect([entries.length, owed.turn]).toEqual([2, "family"]);
  });

  test("keeps what else was typed with its words, unless the case holds it already", async () => {
    const { caseId } = await receive({ reply_by: "phone", phone: "086-000-0000" });
    await keep(caseId, { phone: "０８６０００００００", message: "番号は同じ。" });
    const typed = { phone: "090-7777-0011", address: "ato@example.jp", heard: "となりの人" };
    await keep(caseId, { ...typed, call_as: "name", call_message: "no", message: "番号が変わった。" });
    const { entries } = await opened(staff, caseId);
    const texts = entries.map(({ body }) => body.what);
    const wishes = [callAs.name, callMessage.no].map(phoneIntakeWords.alsoTyped.wish);
    expect(texts).toContain("番号は同じ。");
    for (const text of [...Object.values(typed), ...wishes])
      expect(texts.find((one) => one.startsWith("番号が変わった。"))).toContain(text);
  });

  test.each(["call_back", "email"] as const)("with a promised answer by %s leaves a reminder of it", async (answer) => {
    const { caseId } = await receive({ reply_by: "phone", phone: "086-000-0000" });
    await keep(caseId, { answer, address: "ato@example.jp" });
    const due = replyByDate(new Date());
    const reminders = await remindersOf(staff, caseId, due);
    expect(reminders.map(({ what, dueDay }) => [what, dueDay])).toEqual([[phoneIntakeWords.answerAgain[answer], due]]);
  });

  test("asks for nothing but the words", async () => {
    const { caseId } = await receive();
    const sent = await send(cookie, { to_case: caseId, message: "ひとことだけ。" });
    expect(sent.headers.get("location")).toBe(`/staff/cases/${caseId}?done=entry`);
  });

  test.each(["closed", "erased"])("that is %s meanwhile is refused, and every word is still there", async (how) => {
    const { caseId, reference } = await receive();
    if (how === "closed") await close(staff, caseId, { reason: "settled", version: 1 });
    else await eraseFamily(reference);
    const html = (await refusedPage(await keep(caseId, { message: `残る言葉 ${how}` }), cookie)) ?? "";
    expect(html).toContain(`残る言葉 ${how}</textarea>`);
    expect((await opened(staff, caseId)).entries).toEqual([]);
    if (how === "closed") await reopen(staff, caseId);
    await db.delete(drafts);
  });

  test("pressed eight times at once is one entry", async () => {
    const { caseId } = await receive();
    const fields = { ...call({ key: `keep-${Math.random()}` }), to_case: caseId };
    await Promise.all(Array.from({ length: 8 }, () => send(cookie, fields)));
    expect((await opened(staff, caseId)).entries).toHaveLength(1);
  });
});

test("erasing a family that phoned deletes the HMAC of what was typed into the form, too", async () => {
  const caseId = caseIn(await send(cookie, call({ key: `erase-${Math.random()}`, heard: "知り合いの先生" })));
  expect(await db.$count(formKeys, eq(formKeys.caseId, caseId))).toBe(1);
  await eraseFamily((await rowsOf(caseId)).lead?.reference ?? "");
  expect(await db.$count(formKeys, eq(formKeys.caseId, caseId))).toBe(0);
  const { consultation } = await rowsOf(caseId);
  expect([consultation?.heardWords, consultation?.phoneIndex, consultation?.message.length]).toEqual([null, null, 0]);
});
