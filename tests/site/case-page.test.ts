/** The page of a case: its order, where it opens, what stays in sight, and what fits to do next. */

import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { assign } from "#api/cases/assign.ts";
import { close } from "#api/cases/close.ts";
import { sendReply } from "#api/correspondence/reply.ts";
import { dayOf, formatDay } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { absences } from "#db/schema/absences.ts";
import { family, messagesIn, passOf, write } from "../api/correspondence/families.ts";
import { get, type Member, member, postForm, receive, signIn } from "../api/requests.ts";
import { elements, words } from "./html.ts";

let me: Member;
let colleague: Member;
let cookie = "";
beforeAll(async () => {
  [me, colleague] = [await member("coordinator"), await member("coordinator")];
  cookie = await signIn(me);
  await db.execute(sql`update staff set name = '見本 みどり' where id = ${colleague.id}`);
});
/** The words without what stands between elements. */
const joined = (html: string) => words(html).replaceAll(/[|\s]+/gu, "");

const byMail = { reply_by: "email", email: "hana@example.jp", name: "はな" };
const byPhone = { reply_by: "phone", phone: "０９０（1234）5678", name: "はな" };
const show = async (caseId: string, headers = {}) => (await get(`/staff/cases/${caseId}`, { cookie, headers })).text();
/** The text of the event at which the page opens. */
const nowIn = (html: string) => words(/<li[^>]*id="now".*?<\/li>/su.exec(html)?.[0] ?? "");
const strip = (html: string) => /<div class="strip">.*?<div class="inner"/su.exec(html)?.[0] ?? "";
const chosen = (html: string) =>
  elements(html, "input").find((tag) => tag["name"] === "kind" && "checked" in tag)?.["value"];
const filled = (html: string) =>
  [...strip(html).matchAll(/<(?:a|button) class="btn primary"[^>]*>([^<]*)/gu)].map(([, label]) => label);
const refuseMails = (caseId: string) =>
  db.execute(sql`update deliveries set state = 'failed', finished_at = now()
    where lead_id in (select lead_id from consultations where case_id = ${caseId})`);

test("all that happened is one list, oldest first, and opens at the words that wait", async () => {
  const who = await family({ ...byMail, message: "最初の話。" });
  await assign(me, who.caseId, { staff_id: me.id });
  expect(nowIn(await show(who.caseId))).toContain("最初の話。");
  await sendReply(me, who.caseId, { reply: "こちらのお返事。", latest: "" });
  await write(await passOf(who), "書き足した一つめ。");
  await write(await passOf(who), "書き足した二つめ。");
  const html = await show(who.caseId);
  const text = words(html);
  const places = [
    "最初の話。",
    "が担当になりました",
    "こちらのお返事。",
    "書き足した一つめ。",
    "書き足した二つめ。",
  ].map((one) => text.indexOf(one));
  expect(places.includes(-1)).toBe(false);
  expect(places.toSorted((a, b) => a - b)).toEqual(places);
  expect(nowIn(html)).toContain("書き足した一つめ。");
  const [, one] = await messagesIn(who.caseId);
  expect(html.split(`id="now"`)).toHaveLength(2);
  await sendReply(me, who.caseId, {
    reply: "まとめてお返事。",
    latest: (await messagesIn(who.caseId)).at(-1)?.id ?? "",
  });
  const after = await show(who.caseId);
  expect(nowIn(after)).toContain("まとめてお返事。");
  expect(after).toContain(`id="e-${one?.id}"`);
  expect(words(after)).toContain("を果たしました");
});

describe("the strip", () => {
  test("has a number to call and an address to write to", async () => {
    const { caseId } = await receive({ ...byPhone, email: "hana+a&b@example.jp" });
    const links = elements(strip(await show(caseId)), "a").map(({ href }) => href);
    expect(links).toContain("tel:09012345678");
    expect(links).toContain("mailto:hana%2Ba%26b@example.jp");
  });

  test("says that mails do not arrive, and then calls are what is recorded", async () => {
    const { caseId } = await receive({ ...byMail, phone: "086-000-0000" });
    await assign(me, caseId, { staff_id: me.id });
    const before = await show(caseId);
    expect([strip(before).includes("届きません"), chosen(before), filled(before)]).toEqual([
      false,
      "reply",
      ["お返事を書く"],
    ]);
    await refuseMails(caseId);
    const after = await show(caseId);
    expect([strip(after).includes("届きません"), chosen(after), filled(after)]).toEqual([
      true,
      "contact",
      ["電話の記録を書く"],
    ]);
  });

  test("has one filled button, and only when it is the reader's turn", async () => {
    const { caseId } = await receive(byPhone);
    expect(filled(await show(caseId))).toEqual(["自分が担当する"]);
    await assign(me, caseId, { staff_id: colleague.id });
    expect(filled(await show(caseId))).toEqual([]);
    await db.execute(sql`update promises set due_day = '2026-01-05' where case_id = ${caseId}`);
    expect(filled(await show(caseId))).toEqual(["引き受けて電話の記録を書く"]);
    await close(me, caseId, { reason: "settled", version: 2, owed: "not_needed" });
    const html = await show(caseId);
    expect([filled(html), strip(html).includes("再開する")]).toEqual([[], true]);
  });
});

test("what people wrote turns no line around", async () => {
  const turned = "\u202Eはな";
  const { caseId } = await receive({ ...byMail, name: turned, message: `${turned}の話` });
  const html = await show(caseId);
  const bare = html.replaceAll(/<bdi[^>]*>[^<]*<\/bdi>/gu, "").replaceAll(/<title>[^<]*<\/title>/gu, "");
  expect([html.includes(turned), bare.includes(turned)]).toEqual([true, false]);
});

test("after a form was saved, the way back still leads to the list with its filters", async () => {
  const { caseId } = await receive();
  const from = "/staff/cases?state=new&period=7";
  const opened = `${env.PUBLIC_ORIGIN}/staff/cases/${caseId}?from=${encodeURIComponent(from)}`;
  const html = await show(caseId, { referer: opened });
  expect(html).toContain(`<a href="${from.replace("&", "&amp;")}">相談の一覧に戻る</a>`);
});

test("closing shows the words that wait, and says when nothing does", async () => {
  const { caseId } = await receive({ ...byPhone, message: "まだ待っている話。" });
  const owing = await (await get(`/staff/cases/${caseId}/close`, { cookie })).text();
  expect(words(owing)).toContain("お返事が1つ、まだ届いていません");
  expect(words(owing)).toContain("まだ待っている話。");
  await postForm(`/staff/cases/${caseId}/promises/end`, { reason: "not_needed", version: "1" }, { cookie });
  const calm = await (await get(`/staff/cases/${caseId}/close`, { cookie })).text();
  expect([words(calm).includes("まだ届いていません"), calm.includes('name="owed"')]).toEqual([false, false]);
});

describe("who holds the case", () => {
  test("the strip names who is responsible, who helps, and who stands in for somebody away", async () => {
    const { caseId } = await receive(byPhone);
    await assign(me, caseId, { staff_id: colleague.id });
    await assign(me, caseId, { staff_id: me.id, role: "helper" });
    expect(joined(strip(await show(caseId)))).not.toContain("不在");
    const day = dayOf(new Date());
    const days = { fromDay: day, untilDay: day, enteredBy: me.id, enteredAt: new Date() };
    await db.insert(absences).values({ staffId: colleague.id, standInId: me.id, ...days });
    const text = joined(strip(await show(caseId)));
    expect(text).toContain(`担当見本みどり${formatDay(day)}まで不在・代わり見本coordinator`);
    expect(text).toContain("手伝い自分");
    await db.delete(absences);
  });

  test("taking it posts to its own address, and with nobody responsible the reply asks to take it", async () => {
    const { caseId } = await receive(byMail);
    await assign(me, caseId, { staff_id: colleague.id, role: "helper" });
    const before = await show(caseId);
    expect(words(strip(before))).toContain("担当なし");
    expect(elements(strip(before), "form").map(({ action }) => action)).toEqual([`/staff/cases/${caseId}/claim`]);
    const take = (html: string) => elements(html, "input").find(({ name }) => name === "take");
    expect(take(before)).toMatchObject({ type: "checkbox", value: "true", checked: "" });
    await postForm(`/staff/cases/${caseId}/claim`, {}, { cookie });
    const after = await show(caseId);
    expect(take(after)).toBeUndefined();
    expect(elements(strip(after), "a").map(({ href }) => href)).toContain(`/staff/cases/${caseId}/hand-over`);
  });
});

test("a record may say what is to be done next, which stands beside until it is done", async () => {
  const { caseId } = await receive(byPhone);
  await assign(me, caseId, { staff_id: me.id });
  const call = { channel: "phone", from_party: "staff", to_party: "family", outcome: "no_answer", what: "" };
  const none = { who: "", whom: "", next_what: "", next_on: "", next_who: "" };
  const entry = { ...call, ...none, happened_at: "2026-11-20T10:00" };
  const post = (fields: Record<string, string>) => postForm(`/staff/cases/${caseId}/entries`, fields, { cookie });
  const plain = await post(entry);
  expect(plain.headers.get("location")).toContain("?done=");
  expect(await show(caseId)).not.toContain("済んだ");
  const next = { next_what: "カワセミのことを聞く。", next_on: dayOf(new Date()), next_who: colleague.id };
  await post({ ...entry, happened_at: "2026-11-20T11:00", ...next });
  const html = await show(caseId);
  expect(joined(html)).toContain(`カワセミのことを聞く。${formatDay(next.next_on)}・見本みどり済んだ`);
  const done = elements(html, "form").find(({ action }) => action?.endsWith("/done"))?.["action"] ?? "";
  await postForm(done, {}, { cookie });
  expect(joined(await show(caseId))).toContain(`カワセミのことを聞く。${formatDay(next.next_on)}に済みました`);
});

test("an entry cannot be a handover, which only handing over writes", async () => {
  const { caseId } = await receive(byPhone);
  const channels = elements(await show(caseId), "option").map(({ value }) => value);
  expect([channels.includes("visit"), channels.includes("handover")]).toEqual([true, false]);
});
