/** Reminders of peers who help in a case, and of colleagues in it. */

import { beforeAll, expect, test } from "vitest";
import { assign, unassign } from "#api/cases/assign.ts";
import { finishReminder, remind } from "#api/reminders/remind.ts";
import { remindersOf } from "#api/reminders/reminders.ts";
import { dayOf } from "#db/calendar/days.ts";
import { type Member, member, receive } from "../requests.ts";

let [manager, peer] = [] as unknown as [Member, Member];
beforeAll(async () => {
  [manager, peer] = [await member("manager"), await member("peer")];
});

test("a peer finishes what is theirs to do, and not what is a colleague's", async () => {
  const { caseId } = await receive();
  await assign(manager, caseId, { staff_id: peer.id, role: "helper" });
  const today = dayOf(new Date());
  const colleagues = await remind(manager, caseId, { what: "担当の予定", on: today, who: manager.id });
  const own = await remind(manager, caseId, { what: "ピアの予定", on: today, who: peer.id });
  await expect(finishReminder(peer, caseId, colleagues)).rejects.toMatchObject({ name: "NotFound" });
  await finishReminder(peer, caseId, own);
  const done = (await remindersOf(manager, caseId, today)).filter(({ doneAt }) => doneAt !== null);
  expect(done.map(({ id }) => id)).toEqual([own]);
});

test("a reminder that names a peer falls to whoever is responsible once the peer stops helping", async () => {
  const { caseId } = await receive();
  await assign(manager, caseId, { staff_id: manager.id });
  await assign(manager, caseId, { staff_id: peer.id, role: "helper" });
  const today = dayOf(new Date());
  const id = await remind(manager, caseId, { what: "訪ねる。", on: today, who: peer.id });
  const owner = async () => (await remindersOf(manager, caseId, today)).find((one) => one.id === id)?.owner?.id;
  expect(await owner()).toBe(peer.id);
  await unassign(manager, caseId, peer.id);
  expect(await owner()).toBe(manager.id);
});
