/** What each person has not read yet. */

import { eq, sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { assign, claim } from "#api/cases/assign.ts";
import { openCase } from "#api/cases/case.ts";
import { sendReply } from "#api/correspondence/reply.ts";
import { unreadAmong, waitsToBeRead } from "#api/holders/unread.ts";
import { db } from "#db/client.ts";
import { cases } from "#db/schema/cases.ts";
import { messages } from "#db/schema/messages.ts";
import { family, passOf, write } from "../correspondence/families.ts";
import { type Member, member, receive } from "../requests.ts";

let [one, other] = [] as unknown as [Member, Member];
beforeAll(async () => {
  [one, other] = [await member("coordinator"), await member("coordinator")];
});

const isUnread = async (who: Member, id: string) => (await unreadAmong(db, who, [id])).has(id);
const waits = async (id: string) => {
  const [row] = await db.select({ waits: waitsToBeRead }).from(cases).where(eq(cases.id, id));
  return row?.waits;
};

test("a new case is unread by everybody, until each opens it; a reply of ours changes nothing", async () => {
  const { caseId: id } = await receive();
  expect([await isUnread(one, id), await isUnread(other, id)]).toEqual([true, true]);
  await openCase(one, id);
  expect([await isUnread(one, id), await isUnread(other, id)]).toEqual([false, true]);
  await sendReply(other, id, { reply: "お返事です。", latest: "", take: true });
  expect(await isUnread(one, id)).toBe(false);
});

test("what the family adds makes it unread again, also when it was opened a moment before", async () => {
  const who = await family();
  const { caseId: id } = who;
  await openCase(one, id, new Date(Date.now() + 60_000));
  await write(await passOf(who), "もう少し書きます。");
  expect(await isUnread(one, id)).toBe(true);
  await openCase(one, id);
  expect(await isUnread(one, id)).toBe(false);
});

test("being given a case makes it unread; taking it oneself does not", async () => {
  const [given, taken] = [await receive(), await receive()];
  for (const { caseId } of [given, taken]) await openCase(one, caseId);
  await assign(other, given.caseId, { staff_id: one.id });
  await claim(one, taken.caseId);
  expect([await isUnread(one, given.caseId), await isUnread(one, taken.caseId)]).toEqual([true, false]);
});

test("words wait for whoever is responsible; where nobody is, anybody's look will do", async () => {
  const { caseId: id } = await receive();
  expect(await waits(id)).toBe(true);
  await openCase(other, id);
  expect(await waits(id)).toBe(false);
  await claim(one, id);
  expect(await waits(id)).toBe(true);
  await openCase(one, id);
  expect(await waits(id)).toBe(false);
});

test("a message that was committed while the page was made stays unread", async () => {
  const who = await family();
  await write(await passOf(who), "もう少し書きます。");
  await openCase(one, who.caseId);
  // As if it had been written before the page was opened, and committed after it was read.
  await db
    .update(messages)
    .set({ writtenAt: sql`${messages.writtenAt} + interval '1 millisecond'` })
    .where(eq(messages.caseId, who.caseId));
  expect(await isUnread(one, who.caseId)).toBe(true);
});
