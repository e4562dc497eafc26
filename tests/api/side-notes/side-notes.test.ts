/** What every reader of a case must know (必ず読む). */

import { beforeAll, describe, expect, test } from "vitest";
import { assign } from "#api/cases/assign.ts";
import { openCase } from "#api/cases/case.ts";
import { openCaseAsPeer } from "#api/peers/peer-case.ts";
import { eraseFamily } from "#api/privacy/erase.ts";
import { writeSideNote } from "#api/side-notes/write-side-note.ts";
import { firstOrNotFound } from "#db/errors.ts";
import { elements, words } from "../../site/html.ts";
import { everything, get, type Member, member, postForm, receive, refusedPage, signIn, trailOf } from "../requests.ts";

let coordinator: Member;
let manager: Member;
let peer: Member;
beforeAll(async () => {
  [coordinator, manager, peer] = [await member("coordinator"), await member("manager"), await member("peer")];
});

const noteOf = async (who: Member, caseId: string) => (await openCase(who, caseId)).sideNote;
const write = async (who: Member, caseId: string, note: string) =>
  writeSideNote(who, caseId, { note, latest: (await noteOf(who, caseId)).id });

describe("the note of a case", () => {
  test("is read by all who may open the case, peers too, and is sealed", async () => {
    const { caseId } = await receive();
    await assign(coordinator, caseId, { staff_id: peer.id });
    await write(coordinator, caseId, "父に連絡しない。\n電話は18時以降。");
    const notes = [await noteOf(coordinator, caseId), await noteOf(manager, caseId)];
    notes.push(
      firstOrNotFound([(await openCaseAsPeer(peer, caseId)).found?.sideNote].filter((one) => one !== undefined)),
    );
    for (const { text } of notes) expect(text).toBe("父に連絡しない。\n電話は18時以降。");
    expect(await everything()).not.toContain("父に連絡しない");
  });

  test("is written by managers and coordinators alone", async () => {
    const { caseId } = await receive();
    await assign(coordinator, caseId, { staff_id: peer.id });
    for (const who of [peer, await member("fundraiser"), await member("analyst")])
      await expect(writeSideNote(who, caseId, { note: "x", latest: "" })).rejects.toMatchObject({ name: "Forbidden" });
  });

  test("may be changed and taken away, and each time the trail says who, never what", async () => {
    const { caseId } = await receive();
    await write(coordinator, caseId, "一つめ");
    await write(manager, caseId, "二つめ");
    await write(manager, caseId, "二つめ");
    await write(coordinator, caseId, "");
    expect(await noteOf(coordinator, caseId)).toMatchObject({ text: "", by: { name: coordinator.name } });
    const trail = (await trailOf(caseId)).filter(({ action }) => action === "write_side_note");
    expect(trail.map(({ staffId, detail }) => [staffId, detail["empty"]])).toEqual([
      [coordinator.id, false],
      [manager.id, false],
      [coordinator.id, true],
    ]);
    expect(JSON.stringify(trail)).not.toContain("つめ");
  });

  test("of an erased family is gone", async () => {
    const { caseId, reference } = await receive();
    await write(coordinator, caseId, "消えるはずの覚え書き");
    await eraseFamily(reference);
    expect((await noteOf(coordinator, caseId)).text).toBe("");
  });
});

describe("two people at one note", () => {
  test("the later one is told who changed it when, sees both texts, and may save again", async () => {
    const cookie = await signIn(coordinator);
    const { caseId } = await receive();
    const page = `/staff/cases/${caseId}`;
    await write(manager, caseId, "管理者が書いた覚え書き");
    const late = await postForm(`${page}/side-note`, { note: "あとから書いた覚え書き", latest: "" }, { cookie });
    const html = (await refusedPage(late, cookie)) ?? "";
    expect(words(html)).toMatch(
      new RegExp(`${manager.name}さんが [^ ]+ \\d\\d:\\d\\d に「必ず読む」を書きかえました`, "u"),
    );
    expect(words(html)).toContain("管理者が書いた覚え書き");
    expect(html).toContain("あとから書いた覚え書き</textarea>");
    expect((await noteOf(manager, caseId)).text).toBe("管理者が書いた覚え書き");
    const form = html.slice(html.indexOf(`action="${page}/side-note"`));
    const latest = elements(form, "input").find(({ name }) => name === "latest")?.["value"] ?? "";
    const again = await postForm(`${page}/side-note`, { note: "ふたりで決めた覚え書き", latest }, { cookie });
    expect(again.headers.get("location")).toBe(`${page}?done=side_note`);
    expect(words(await (await get(page, { cookie })).text())).toContain("ふたりで決めた覚え書き");
  });

  test("at the same moment one is stored", async () => {
    const { caseId } = await receive();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 6 }, (_, at) => writeSideNote(coordinator, caseId, { note: `覚え書き${at}`, latest: "" })),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});

test("more than 300 characters are refused at the field, and kept", async () => {
  const cookie = await signIn(coordinator);
  const { caseId } = await receive();
  const note = "長".repeat(301);
  const answer = await postForm(`/staff/cases/${caseId}/side-note`, { note, latest: "" }, { cookie });
  const html = (await refusedPage(answer, cookie)) ?? "";
  expect(html).toContain('href="#side-note-note"');
  expect(html).toContain(`${note}</textarea>`);
});
