import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { assign, claim } from "#api/cases/assign.ts";
import { openCase } from "#api/cases/case.ts";
import { close } from "#api/cases/close.ts";
import { handOver } from "#api/handovers/hand-over.ts";
import { unreadAmong } from "#api/holders/unread.ts";
import { disableOther, disableStaff } from "#api/staff/disable.ts";
import { db } from "#db/client.ts";
import { cases } from "#db/schema/cases.ts";
import { staffNotices } from "#db/schema/notices.ts";
import { staff } from "#db/schema/staff.ts";
import { elements, words } from "../../site/html.ts";
import {
  asProgram,
  everything,
  get,
  member,
  postForm,
  receive,
  refusedPage,
  signIn,
  trailOf,
  type Member,
} from "../requests.ts";

let [manager, giver, receiver] = [] as unknown as [Member, Member, Member];
let [cookie, managers] = ["", ""];
beforeAll(async () => {
  [manager, giver, receiver] = [await member("manager"), await member("coordinator"), await member("coordinator")];
  [cookie, managers] = [await signIn(giver), await signIn(manager)];
});

const versionOf = async (id: string) =>
  (await db.select({ version: cases.version }).from(cases).where(eq(cases.id, id)))[0]?.version ?? 0;
const responsibleIn = async (id: string) => (await openCase(manager, id)).holders.responsible?.staffId ?? null;
async function heldBy(holder: Member) {
  const { caseId, reference } = await receive();
  await claim(holder, caseId);
  return { caseId, reference };
}

describe("handing over", () => {
  test("is one action: the receiver is responsible, the note is a sealed entry, and it is unread and noticed", async () => {
    const { caseId: id } = await heldBy(giver);
    await openCase(receiver, id);
    expect(await unreadAmong(db, receiver, [id])).toEqual(new Set());
    const note = "ツルボの花のことは、父には言わないでください。";
    const sent = await postForm(
      `/staff/cases/${id}/hand-over`,
      { to: receiver.id, note, version: String(await versionOf(id)) },
      { cookie },
    );
    expect([sent.status, sent.headers.get("location")]).toEqual([303, `/staff/cases/${id}?done=handed_over`]);
    expect(await everything()).not.toContain("ツルボ");
    expect(await unreadAmong(db, receiver, [id])).toEqual(new Set([id]));
    expect(
      await db
        .select({ kind: staffNotices.kind, to: staffNotices.staffId })
        .from(staffNotices)
        .where(eq(staffNotices.caseId, id)),
    ).toEqual([{ kind: "handed_over", to: receiver.id }]);
    const seen = await openCase(receiver, id);
    expect(seen.holders).toMatchObject({ responsible: { staffId: receiver.id }, helpers: [] });
    expect(seen.entries[0]).toMatchObject({
      channel: "handover",
      fromParty: "staff",
      toParty: "staff",
      author: giver.name,
      body: { whom: receiver.name, what: note },
    });
    expect(await unreadAmong(db, receiver, [id])).toEqual(new Set());
    expect((await trailOf(id)).find(({ action }) => action === "hand_over")).toMatchObject({
      staffId: giver.id,
      detail: { from: giver.id, to: receiver.id },
    });
  });

  test("to a helper makes them responsible, not both", async () => {
    const { caseId: id } = await heldBy(giver);
    await assign(giver, id, { staff_id: receiver.id });
    await handOver(giver, id, { to: receiver.id, note: "お願いします。", version: await versionOf(id) });
    expect((await openCase(manager, id)).holders).toMatchObject({
      responsible: { staffId: receiver.id },
      helpers: [],
    });
  });

  test("a note of an outdated page, to whoever has it, or in a closed case is refused; the words come back", async () => {
    const { caseId: id } = await heldBy(giver);
    const version = await versionOf(id);
    await expect(
      handOver(giver, id, { to: receiver.id, note: "お願い。", version: version - 1 }),
    ).rejects.toMatchObject({
      name: "Refused",
    });
    await expect(handOver(giver, id, { to: giver.id, note: "お願い。", version })).rejects.toThrow(
      "もう担当しています",
    );
    await close(giver, id, { reason: "settled", version });
    const note = "ここまで書きました。";
    const late = await postForm(
      `/staff/cases/${id}/hand-over`,
      { to: receiver.id, note, version: String(version + 1) },
      { cookie },
    );
    expect(late.status).toBe(303);
    expect(await refusedPage(late, cookie)).toContain(note);
    expect(await responsibleIn(id)).toBe(giver.id);
  });

  test.each(["peer", "analyst"] as const)("a %s cannot get it", async (role) => {
    const { caseId: id } = await heldBy(giver);
    const stranger = await member(role);
    await expect(
      handOver(giver, id, { to: stranger.id, note: "お願い。", version: await versionOf(id) }),
    ).rejects.toMatchObject({ name: "Invalid", errors: { to: expect.anything() } });
  });

  test("of two who hand it over at once from one page, one is told", async () => {
    const { caseId: id } = await heldBy(giver);
    const third = await member("coordinator");
    const version = await versionOf(id);
    const done = await Promise.allSettled([
      handOver(giver, id, { to: receiver.id, note: "一", version }),
      handOver(manager, id, { to: third.id, note: "二", version }),
    ]);
    expect(done.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect((await openCase(manager, id)).entries.length).toBe(1);
  });

  test("its page shows who has it and whom one may choose, and no word of the family", async () => {
    const { caseId, reference } = await receive({ message: "ひみつの話です。", name: "はな" });
    await claim(giver, caseId);
    const html = await (await get(`/staff/cases/${caseId}/hand-over`, { cookie })).text();
    const offered = elements(html, "option").map(({ value }) => value);
    expect([offered.includes(receiver.id), offered.includes(giver.id)]).toEqual([true, false]);
    expect(words(html)).toContain(reference);
    for (const secret of ["ひみつ", "はな"]) expect(html).not.toContain(secret);
  });
});

describe("disabling somebody", () => {
  test("asks where each of their cases goes, and passes all on or none", async () => {
    const leaver = await member("coordinator");
    const [mine, more, done] = [await heldBy(leaver), await heldBy(leaver), await heldBy(leaver)];
    await close(leaver, done.caseId, { reason: "settled", version: await versionOf(done.caseId) });
    const refused = await postForm("/staff/people/disable", { email: leaver.email }, { cookie: managers });
    expect(refused.status).toBe(303);
    const said = words((await refusedPage(refused, managers)) ?? "");
    expect([mine, more, done].map(({ reference }) => said.includes(reference))).toEqual([true, true, false]);
    const page = `/staff/people/${leaver.id}`;
    const html = await (await get(page, { cookie: managers })).text();
    const asked = elements(html, "select").map(({ name }) => name);
    expect([mine, more, done].map(({ caseId }) => asked.includes(`case-${caseId}`))).toEqual([true, true, false]);
    const half = { [`case-${mine.caseId}`]: receiver.id };
    expect((await postForm(`${page}/disable`, half, { cookie: managers, headers: asProgram })).status).toBe(409);
    expect(await responsibleIn(mine.caseId)).toBe(leaver.id);
    const all = { ...half, [`case-${more.caseId}`]: "nobody" };
    expect((await postForm(`${page}/disable`, all, { cookie: managers })).status).toBe(303);
    expect([await responsibleIn(mine.caseId), await responsibleIn(more.caseId)]).toEqual([receiver.id, null]);
    const [row] = await db.select({ disabledAt: staff.disabledAt }).from(staff).where(eq(staff.id, leaver.id));
    expect(row?.disabledAt).not.toBeNull();
  });

  test("never hands a case to whoever leaves", async () => {
    const leaver = await member("coordinator");
    const { caseId } = await heldBy(leaver);
    await expect(disableOther(manager, leaver.email, new Map([[caseId, leaver.id]]))).rejects.toMatchObject({
      name: "Refused",
    });
  });

  test("by the command asks nothing: access ends at once, and the case is nobody's", async () => {
    const leaver = await member("coordinator");
    const { caseId } = await heldBy(leaver);
    await disableStaff(leaver.email);
    expect(await responsibleIn(caseId)).toBeNull();
  });
});
