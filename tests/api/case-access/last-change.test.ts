/** Who changed a case last, as somebody is told whose page is older than that. */

import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { lastChange } from "#api/case-access/last-change.ts";
import { lockCase } from "#api/case-access/lock.ts";
import { assign, claim } from "#api/cases/assign.ts";
import { close, reopen } from "#api/cases/close.ts";
import { changeState } from "#api/cases/state.ts";
import { addMessage, openCorrespondence } from "#api/correspondence/correspondence.ts";
import { sendReply } from "#api/correspondence/reply.ts";
import { handOver } from "#api/handovers/hand-over.ts";
import { codeToShow } from "#api/intake/receipt-codes.ts";
import { writeSideNote } from "#api/side-notes/write-side-note.ts";
import { db, transaction } from "#db/client.ts";
import { sideNotes } from "#db/schema/side-notes.ts";
import { correct, familyWithRefusedNotice, versionOf } from "../contacts/families.ts";
import { type Member, member, receive } from "../requests.ts";

let by: Member;
let other: Member;
let peer: Member;
beforeAll(async () => {
  [by, other, peer] = [await member("coordinator"), await member("manager"), await member("peer")];
});

const told = (caseId: string, who = other, now?: Date) => lastChange(db, who, caseId, now);

test("each change has its words, with who did it and when", async () => {
  const { caseId, reference } = await receive();
  const steps: [() => Promise<unknown>, string][] = [
    [() => claim(by, caseId), `${by.name}さんが TIME に担当になりました。`],
    [() => assign(by, caseId, { staff_id: peer.id }), `${by.name}さんが TIME に${peer.name}さんを手伝いに加えました。`],
    [
      async () => changeState(by, caseId, { state: "waiting", version: await versionOf(caseId), owed: undefined }),
      `${by.name}さんが TIME に状態を「ご家族待ち」に変えました。`,
    ],
    [
      async () => handOver(by, caseId, { to: other.id, note: "お願いします。", version: await versionOf(caseId) }),
      `${by.name}さんが TIME に担当を${other.name}さんに引き継ぎました。`,
    ],
    [
      () => sendReply(by, caseId, { reply: "お返事です。", latest: "" }),
      `${by.name}さんが TIME にお返事を送りました。`,
    ],
    [() => correct(by, caseId, { email: "x@example.jp" }), `${by.name}さんが TIME に連絡先を直しました。`],
    [
      async () => {
        const shown = await codeToShow(reference);
        const code = shown.state === "shown" ? shown.code : "";
        const origin = { network: "10.9.9.9", now: new Date() };
        const opened = await openCorrespondence({ reference, code }, origin);
        await addMessage({ pass: opened?.pass ?? "", message: "書き足します。" }, origin);
      },
      "ご家族が TIME に書き足しました。",
    ],
    [
      async () => close(by, caseId, { reason: "settled", version: await versionOf(caseId), owed: "other_desk" }),
      `${by.name}さんが TIME にこの相談を終了しました。`,
    ],
    [() => reopen(by, caseId), `${by.name}さんが TIME にこの相談を再開しました。`],
  ];
  for (const [step, sentence] of steps) {
    await step();
    expect((await told(caseId)).replace(/\d\d:\d\d/u, "TIME")).toBe(sentence);
  }
  expect(await told(caseId, by)).toMatch(/^自分が（別の画面で） /u);
});

test("a refused notice of a reply, which nobody did", async () => {
  const { caseId } = await familyWithRefusedNotice(by);
  expect(await told(caseId)).toMatch(/^お知らせのメールが \d\d:\d\d に断られ、お返事の約束が戻りました。$/u);
});

test("with the day, where that was not today", async () => {
  const { caseId } = await receive();
  await claim(by, caseId);
  const later = new Date(Date.now() + 3 * 86_400_000);
  expect(await told(caseId, other, later)).toMatch(/さんが \d+月\d+日（.） \d\d:\d\d に担当になりました。$/u);
});

test("is told by the lock to whoever comes from an older page, of whichever form", async () => {
  const { caseId } = await receive();
  await claim(by, caseId);
  const sentence = new RegExp(`^${by.name}さんが \\d\\d:\\d\\d に担当になりました。いまの内容を確かめて`, "u");
  await expect(transaction((tx) => lockCase(tx, other, caseId, 1))).rejects.toMatchObject({
    ...{ name: "Refused", message: expect.stringMatching(sentence) as string },
  });
  await expect(close(other, caseId, { reason: "settled", version: 1, owed: undefined })).rejects.toThrow(sentence);
  await expect(correct(other, caseId, { version: 1 })).rejects.toThrow(sentence);
});

test("a note beside the case makes no page out of date", async () => {
  const { caseId } = await receive();
  const before = await versionOf(caseId);
  await writeSideNote(by, caseId, { note: "父に連絡しない。", latest: "" });
  expect([await versionOf(caseId), await db.$count(sideNotes, eq(sideNotes.caseId, caseId))]).toEqual([before, 1]);
});
