/** A reply that meets what happened while it was written: the page says who did what and when, and shows both. */

import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { claim, unassign } from "#api/cases/assign.ts";
import { close } from "#api/cases/close.ts";
import { sendReply } from "#api/correspondence/reply.ts";
import { addEntry } from "#api/entries/write-entry.ts";
import { handOver } from "#api/handovers/hand-over.ts";
import { db } from "#db/client.ts";
import { elements, words } from "../../site/html.ts";
import { get, type Member, member, postForm, refusedPage, signIn } from "../requests.ts";
import { type Family, family, messagesIn, passOf, write } from "./families.ts";

const mine = "わたしの書いたお返事";
const theirs = "みどりさんのお返事";
let [me, colleague] = [] as unknown as [Member, Member];
let cookie = "";
beforeAll(async () => {
  [me, colleague] = [await member("coordinator"), await member("coordinator")];
  cookie = await signIn(me);
  await db.execute(sql`update staff set name = '見本 みどり' where id = ${colleague.id}`);
});

const pageOf = ({ caseId }: Family) => `/staff/cases/${caseId}`;
/** The hidden fields of the reply's form, as its page shows them. */
const fieldsIn = (html: string) => {
  const form = /<form[^>]*class="f-reply".*?<\/form>/su.exec(html)?.[0] ?? "";
  const hidden = elements(form, "input").filter(({ type }) => type === "hidden");
  return Object.fromEntries(hidden.map(({ name = "", value = "" }) => [name, value]));
};
const openForm = async (who: Family) => fieldsIn(await (await get(pageOf(who), { cookie })).text());
async function send(who: Family, fields: Record<string, string>) {
  const answer = await postForm(`${pageOf(who)}/replies`, { ...fields, reply: mine }, { cookie });
  return { answer, html: (await refusedPage(answer, cookie)) ?? "" };
}
/** What the page marks as having come meanwhile. */
const marked = (html: string) =>
  [...html.matchAll(/<li class="ev.*?<\/li>/gsu)]
    .map(([item]) => words(item))
    .filter((item) => item.includes("書いているあいだに"));
const heldFamily = async () => {
  const who = await family({ reply_by: "email", email: "h@example.jp" });
  await claim(me, who.caseId);
  return who;
};

test("a colleague replied: named with the time, both texts are shown, theirs marked, and the second press sends", async () => {
  const who = await heldFamily();
  const fields = await openForm(who);
  await sendReply(colleague, who.caseId, { reply: theirs, latest: "" });
  const { html } = await send(who, fields);
  expect(words(html)).toMatch(/見本 みどりさんが .{5,30} にお返事を送りました。/u);
  expect(html).toContain(`${mine}</textarea>`);
  expect(marked(html).map((item) => item.includes(theirs))).toContain(true);
  expect(marked(html).some((item) => item.includes("届いた相談"))).toBe(false);
  expect(await messagesIn(who.caseId)).toHaveLength(1);
  expect((await send(who, fieldsIn(html))).answer.headers.get("location")).toContain("?done=replied");
  expect(await messagesIn(who.caseId)).toHaveLength(2);
});

test("the family wrote", async () => {
  const who = await heldFamily();
  const fields = await openForm(who);
  await write(await passOf(who), "やはり急いでいます。");
  const { html } = await send(who, fields);
  expect(words(html)).toMatch(/ご家族から .{5,30} に書き足しが届きました。/u);
  expect(marked(html).map((item) => item.includes("やはり急いでいます。"))).toContain(true);
});

test("a colleague closed it: who, when and why; the words are kept to be copied, and sent once it is open again", async () => {
  const who = await heldFamily();
  const fields = await openForm(who);
  await close(colleague, who.caseId, { reason: "settled", version: 2, owed: "not_needed" });
  const { html } = await send(who, fields);
  expect(words(html)).toMatch(/見本 みどりさんが .{5,30} に終了しました（困りごとが落ち着いた）。/u);
  expect(html).toContain(`${mine}</textarea>`);
  expect(marked(html).map((item) => item.includes("終了"))).toContain(true);
  await postForm(`${pageOf(who)}/reopen`, {}, { cookie });
  const again = await (await get(pageOf(who), { cookie })).text();
  expect(again).toContain(`${mine}</textarea>`);
  expect((await send(who, fieldsIn(again))).answer.headers.get("location")).toContain("?done=replied");
});

test("it was handed over: by whom, to whom and when, and the note is marked", async () => {
  const who = await heldFamily();
  const fields = await openForm(who);
  await handOver(me, who.caseId, { to: colleague.id, note: "お願いします。", version: 2 });
  const { html } = await send(who, fields);
  expect(words(html)).toMatch(new RegExp(`${me.name}さんが .{5,30} に見本 みどりさんに引き継ぎました。`, "u"));
  expect(marked(html).map((item) => item.includes("お願いします。"))).toContain(true);
  expect((await send(who, fieldsIn(html))).answer.headers.get("location")).toContain("?done=replied");
});

test("a colleague took it, which nobody had: the tick to take it does not send past them", async () => {
  const who = await family({ reply_by: "email", email: "h@example.jp" });
  const fields = await openForm(who);
  await claim(colleague, who.caseId);
  const { html } = await send(who, { ...fields, take: "true" });
  expect(words(html)).toMatch(/見本 みどりさんが .{5,30} に引き受けました。/u);
  expect(await messagesIn(who.caseId)).toEqual([]);
});

test("what changes nothing about the answer does not stand in its way", async () => {
  const who = await heldFamily();
  const fields = await openForm(who);
  const call = { channel: "phone", from_party: "staff", to_party: "school" } as const;
  await addEntry(colleague, who.caseId, { ...call, happened_at: new Date(), what: "学校と話した。" });
  expect((await send(who, fields)).answer.headers.get("location")).toContain("?done=replied");
  const given = await family({ reply_by: "email", email: "h@example.jp" });
  await claim(colleague, given.caseId);
  const before = await openForm(given);
  await handOver(colleague, given.caseId, { to: me.id, note: "お願いします。", version: 2 });
  expect((await send(given, before)).answer.headers.get("location")).toContain("?done=replied");
  const other = await heldFamily();
  const shown = await openForm(other);
  await unassign(colleague, other.caseId, me.id);
  await claim(me, other.caseId);
  expect((await send(other, shown)).answer.headers.get("location")).toContain("?done=replied");
});
