/** Taking a colleague's overdue case with one press. */

import { and, eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { claim, unassign } from "#api/cases/assign.ts";
import { openCase } from "#api/cases/case.ts";
import { sendReply } from "#api/correspondence/reply.ts";
import { mayTakeOver, takeOver } from "#api/handovers/take-over.ts";
import { db } from "#db/client.ts";
import { staffNotices } from "#db/schema/notices.ts";
import { promises } from "#db/schema/promises.ts";
import { elements, words } from "../../site/html.ts";
import { get, type Member, member, postForm, receive, refusedPage, signIn, trailOf } from "../requests.ts";

let [manager, holder, one, other] = [] as unknown as [Member, Member, Member, Member];
let cookie = "";
beforeAll(async () => {
  manager = await member("manager");
  holder = { ...(await member("coordinator")) };
  [one, other] = [await member("coordinator"), await member("coordinator")];
  cookie = await signIn(one);
});

/** A case that `holder` is responsible for, with an answer owed; overdue unless another day is given. */
async function held(dueDay: string | undefined = "2026-01-05"): Promise<string> {
  const { caseId } = await receive({ reply_by: "email", email: "h@example.jp" });
  await claim(holder, caseId);
  if (dueDay) await db.update(promises).set({ dueDay }).where(eq(promises.caseId, caseId));
  return caseId;
}
const responsible = async (id: string) => (await openCase(manager, id)).holders.responsible?.staffId ?? null;
const button = (html: string) =>
  /<form[^>]*action="[^"]*\/take-over".*?<\/form>/su.exec(html.slice(html.indexOf('class="strip"')))?.[0] ?? "";

test("is offered on the page of a colleague's overdue case, and lands in the composer", async () => {
  const id = await held();
  const html = await (await get(`/staff/cases/${id}`, { cookie })).text();
  expect(words(button(html))).toContain("引き受けて返事を書く");
  const from = elements(button(html), "input").find(({ name }) => name === "from")?.["value"] ?? "";
  const taken = await postForm(`/staff/cases/${id}/take-over`, { from }, { cookie });
  expect(taken.headers.get("location")).toBe(`/staff/cases/${id}?done=taken_over#write`);
  expect(await responsible(id)).toBe(one.id);
  const after = await (await get(`/staff/cases/${id}`, { cookie })).text();
  expect([button(after), words(after).includes("期限が過ぎていたため引き受けました")]).toEqual(["", true]);
});

test("is a handover in the trail and the journal, and the colleague is notified", async () => {
  const id = await held();
  await takeOver(one, id, { from: holder.id });
  await takeOver(one, id, { from: holder.id });
  const entries = (await openCase(manager, id)).entries;
  expect(entries.map(({ channel, authorId }) => [channel, authorId])).toEqual([["handover", one.id]]);
  expect((await trailOf(id)).filter(({ action }) => action === "hand_over")).toEqual([
    { action: "hand_over", staffId: one.id, detail: { from: holder.id, to: one.id, entry: entries[0]?.id } },
  ]);
  const notices = await db
    .select()
    .from(staffNotices)
    .where(and(eq(staffNotices.caseId, id), eq(staffNotices.kind, "taken_over")));
  expect(notices.map(({ staffId }) => staffId)).toEqual([holder.id]);
});

test("of two who press at once one has it, and the other is told who", async () => {
  const id = await held();
  const done = await Promise.allSettled([one, other].map((who) => takeOver(who, id, { from: holder.id })));
  const won = done.findIndex(({ status }) => status === "fulfilled");
  const lost = done[1 - won];
  expect(await responsible(id)).toBe([one, other][won]?.id);
  expect(lost?.status === "rejected" && (lost.reason as Error).name).toBe("Refused");
  expect(lost?.status === "rejected" && (lost.reason as Error).message).toContain("さんが担当しています");
  expect((await openCase(manager, id)).entries.length).toBe(1);
});

describe("is refused", () => {
  test("before the day is over, and after an answer, also when the button was shown", async () => {
    const early = await held("2099-01-05");
    await expect(takeOver(one, early, { from: holder.id })).rejects.toMatchObject({ name: "Refused" });
    const answered = await held();
    await sendReply(holder, answered, { reply: "お返事です。", latest: "" });
    const late = await postForm(`/staff/cases/${answered}/take-over`, { from: holder.id }, { cookie });
    expect(words((await refusedPage(late, cookie)) ?? "")).toContain("期限が過ぎた相談ではなくなりました");
    expect([await responsible(early), await responsible(answered)]).toEqual([holder.id, holder.id]);
    expect(button(await (await get(`/staff/cases/${early}`, { cookie })).text())).toBe("");
  });

  test("to a peer", async () => {
    const id = await held();
    await expect(takeOver(await member("peer"), id, { from: holder.id })).rejects.toMatchObject({ name: "Forbidden" });
  });
});

test("of a case that nobody has any more is a claim", async () => {
  const id = await held();
  await unassign(manager, id, holder.id);
  await takeOver(one, id, { from: holder.id });
  expect([await responsible(id), (await openCase(manager, id)).entries]).toEqual([one.id, []]);
});

test("the rule: overdue, somebody is responsible, and it is somebody else", async () => {
  const found = await openCase(manager, await held());
  const nobody = { ...found, holders: { ...found.holders, responsible: null } };
  const calm = { ...found, owed: { ...found.owed, isOverdue: false } };
  expect([mayTakeOver(found, one.id), mayTakeOver(found, holder.id)]).toEqual([true, false]);
  expect([mayTakeOver(nobody, one.id), mayTakeOver(calm, one.id)]).toEqual([false, false]);
});
