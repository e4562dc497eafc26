/** One responsible person and any number of helpers; who takes a case that nobody holds. */

import { and, eq, isNull } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { assign, claim, unassign } from "#api/cases/assign.ts";
import { openCase } from "#api/cases/case.ts";
import { close } from "#api/cases/close.ts";
import { sendReply } from "#api/correspondence/reply.ts";
import { disableStaff } from "#api/staff/disable.ts";
import { db } from "#db/client.ts";
import { assignments } from "#db/schema/cases.ts";
import { messages } from "#db/schema/messages.ts";
import { words } from "../../site/html.ts";
import { type Member, member, postForm, receive, refusedPage, signIn, trailOf } from "../requests.ts";

let [manager, one, other, peer] = [] as unknown as [Member, Member, Member, Member];
let cookie = "";
beforeAll(async () => {
  manager = await member("manager");
  [one, other, peer] = [await member("coordinator"), await member("coordinator"), await member("peer")];
  Object.assign(one, { name: "見本 coordinator" });
  cookie = await signIn(other);
});

const holding = (caseId: string) =>
  db
    .select({ staffId: assignments.staffId, role: assignments.role })
    .from(assignments)
    .where(and(eq(assignments.caseId, caseId), isNull(assignments.endedAt)))
    .orderBy(assignments.id);

const holders = async (caseId: string) => {
  const { responsible, helpers } = (await openCase(manager, caseId)).holders;
  return [responsible?.staffId ?? null, helpers.map(({ staffId }) => staffId)];
};

describe("claiming", () => {
  test("a closed case is reopened before anybody takes it", async () => {
    const { caseId: id } = await receive();
    await close(manager, id, { reason: "settled", version: (await openCase(manager, id)).version, owed: undefined });
    await expect(claim(one, id)).rejects.toMatchObject({ name: "Refused", message: expect.stringContaining("再開") });
    await expect(assign(manager, id, { staff_id: one.id, role: "responsible" })).rejects.toMatchObject({
      name: "Refused",
    });
    expect(await holding(id)).toEqual([]);
  });

  test("is exclusive: the second to press is told who has it, and pressing again is the same success", async () => {
    const { caseId: id } = await receive();
    await claim(one, id);
    await claim(one, id);
    await expect(claim(other, id)).rejects.toMatchObject({
      name: "Refused",
      message: expect.stringContaining(one.name),
    });
    const late = await postForm(`/staff/cases/${id}/claim`, {}, { cookie });
    expect(words((await refusedPage(late, cookie)) ?? "")).toContain(`${one.name}さんが担当しています`);
    expect(await holding(id)).toEqual([{ staffId: one.id, role: "responsible" }]);
    expect((await openCase(one, id)).state).toBe("open");
  });

  test("of eight who press at once, one has it and seven are told", async () => {
    const { caseId: id } = await receive();
    const people: Member[] = [];
    for (let i = 0; i < 8; i++) people.push(await member("coordinator"));
    const done = await Promise.allSettled(people.map((person) => claim(person, id)));
    const refused = done.flatMap((result) => (result.status === "rejected" ? [result.reason as Error] : []));
    expect(refused.map(({ name }) => name)).toEqual(Array.from({ length: 7 }, () => "Refused"));
    const held = await holding(id);
    expect(held.length).toBe(1);
    expect((await trailOf(id)).filter(({ action }) => action === "assign").length).toBe(1);
  });

  test("the database allows one responsible person, whatever the code does", async () => {
    const { caseId } = await receive();
    const row = { caseId, assignedBy: one.id, role: "responsible" as const };
    await db.insert(assignments).values({ ...row, staffId: one.id });
    await expect(db.insert(assignments).values({ ...row, staffId: other.id })).rejects.toMatchObject({
      cause: { code: "23505", constraint_name: "assignments_responsible" },
    });
  });

  test("somebody who helps becomes responsible, and helps no more", async () => {
    const { caseId: id } = await receive();
    await assign(manager, id, { staff_id: one.id, role: "helper" });
    expect(await holders(id)).toEqual([null, [one.id]]);
    await claim(one, id);
    expect(await holding(id)).toEqual([{ staffId: one.id, role: "responsible" }]);
  });
});

describe("giving", () => {
  test("the first is responsible and the next help; a second responsible one is refused with the name", async () => {
    const { caseId: id } = await receive();
    await assign(manager, id, { staff_id: one.id });
    await assign(manager, id, { staff_id: other.id });
    await assign(manager, id, { staff_id: peer.id });
    expect(await holders(id)).toEqual([one.id, [other.id, peer.id]]);
    await expect(assign(manager, id, { staff_id: other.id, role: "responsible" })).rejects.toThrow(one.name);
    await expect(assign(other, id, { staff_id: other.id })).rejects.toThrow(one.name);
  });

  test("a peer supporter helps, and is never responsible", async () => {
    const { caseId: id } = await receive();
    await assign(manager, id, { staff_id: peer.id });
    expect(await holders(id)).toEqual([null, [peer.id]]);
    await expect(assign(manager, id, { staff_id: peer.id, role: "responsible" })).rejects.toMatchObject({
      name: "Refused",
    });
    await expect(claim(peer, id)).rejects.toMatchObject({ name: "Forbidden" });
  });
});

describe("a case held only by people who left", () => {
  test("counts as held by nobody, and the next may claim it", async () => {
    const { caseId: id } = await receive();
    const leaver = await member("coordinator");
    await claim(leaver, id);
    await disableStaff(leaver.email);
    expect(await holders(id)).toEqual([null, []]);
    expect((await openCase(manager, id)).assignments).toEqual([]);
    await expect(sendReply(other, id, { reply: "お返事です。", latest: "" })).rejects.toMatchObject({
      name: "Refused",
    });
    await claim(other, id);
    expect(await holding(id)).toEqual([{ staffId: other.id, role: "responsible" }]);
  });
});

describe("replying to a case that nobody holds", () => {
  test("asks to take it: without it nothing is sent, with it the writer is responsible", async () => {
    const { caseId: id } = await receive();
    const reply = "お返事の文章です。";
    const asked = await postForm(`/staff/cases/${id}/replies`, { reply, latest: "" }, { cookie });
    const html = (await refusedPage(asked, cookie)) ?? "";
    expect(words(html)).toContain("まだだれも担当していません");
    expect(html).toContain(`${reply}</textarea>`);
    expect(await db.$count(messages, eq(messages.caseId, id))).toBe(0);
    expect(await holders(id)).toEqual([null, []]);
    const sent = await postForm(`/staff/cases/${id}/replies`, { reply, latest: "", take: "true" }, { cookie });
    expect(sent.status).toBe(303);
    expect(await holders(id)).toEqual([other.id, []]);
    expect(await db.$count(messages, eq(messages.caseId, id))).toBe(1);
  });

  test("on a colleague's case nobody is asked, and it stays theirs", async () => {
    const { caseId: id } = await receive();
    await claim(one, id);
    await sendReply(other, id, { reply: "代わりにお返事します。", latest: "" });
    expect(await holders(id)).toEqual([one.id, []]);
  });

  test("once its holder was taken off, it asks again", async () => {
    const { caseId: id } = await receive();
    await claim(one, id);
    await unassign(manager, id, one.id);
    await expect(sendReply(one, id, { reply: "お返事です。", latest: "" })).rejects.toMatchObject({ name: "Refused" });
  });
});
