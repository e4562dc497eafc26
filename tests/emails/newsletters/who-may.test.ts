/** Who may do what with an issue, and that every deed leaves a line. */

import { eq } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import type { Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { auditEvents } from "#db/schema/staff.ts";
import type { Role } from "#db/terms/staff.ts";
import { viewReadership } from "#emails/lists/lists.ts";
import { getNewsletter, listNewsletters, viewLists } from "#emails/newsletters/newsletters.ts";
import { cancelNewsletter, pauseNewsletter, resumeNewsletter } from "#emails/newsletters/pause.ts";
import { scheduleNewsletter, unscheduleNewsletter } from "#emails/newsletters/send.ts";
import { leaveUncertain, resendRefusedCopies, resendUncertain, viewUncertain } from "#emails/newsletters/uncertain.ts";
import { correctWeb, publishOnWeb, withdrawFromWeb } from "#emails/newsletters/web.ts";
import { createNewsletter, saveNewsletter, sendTest } from "#emails/newsletters/write.ts";
import { advanceNewsletters } from "#emails/outbox/advance-newsletters.ts";
import { deleteReaders, makeStaff } from "../fixtures.ts";
import { become, bringForward, copiesOf, draft, makeReaders } from "./issues.ts";

let writer: Staff;
beforeEach(async () => {
  await deleteReaders();
  writer = await makeStaff("fundraiser");
});

/** Those without an issue come first. */
const verbs: [string, (staff: Staff, id: string) => Promise<unknown>][] = [
  ["list", (staff) => listNewsletters(staff)],
  ["choose a list", (staff) => viewLists(staff)],
  ["count readers", (staff) => viewReadership(staff)],
  ["create", (staff) => createNewsletter(staff, draft)],
  ["read", (staff, id) => getNewsletter(staff, id)],
  ["save", (staff, id) => saveNewsletter(staff, id, { ...draft, version: 1 })],
  ["test", (staff, id) => sendTest(staff, id)],
  ["schedule", (staff, id) => scheduleNewsletter(staff, id, { version: 1, isForWeb: false })],
  ["unschedule", (staff, id) => unscheduleNewsletter(staff, id)],
  ["pause", (staff, id) => pauseNewsletter(staff, id)],
  ["resume", (staff, id) => resumeNewsletter(staff, id)],
  ["cancel", (staff, id) => cancelNewsletter(staff, id)],
  ["look at the uncertain", (staff, id) => viewUncertain(staff, id)],
  ["resend", (staff, id) => resendUncertain(staff, id, { count: 1 })],
  ["resend the refused", (staff, id) => resendRefusedCopies(staff, id, { count: 1 })],
  ["leave", (staff, id) => leaveUncertain(staff, id, { count: 1 })],
  ["publish", (staff, id) => publishOnWeb(staff, id)],
  ["withdraw", (staff, id) => withdrawFromWeb(staff, id)],
  ["correct", (staff, id) => correctWeb(staff, id, { ...draft, version: 1 })],
];

test.each(["coordinator", "peer", "analyst"] as Role[])("not a %s, in any verb", async (role) => {
  const id = await createNewsletter(writer, draft);
  const staff = await makeStaff(role);
  for (const [, verb] of verbs) await expect(verb(staff, id)).rejects.toThrow("may not");
});

test("an unknown or malformed id is absent", async () => {
  for (const id of [crypto.randomUUID(), "1", "'"])
    for (const [, verb] of verbs.slice(4)) await expect(verb(writer, id)).rejects.toMatchObject({ name: "NotFound" });
});

test("every write leaves a line, what happens by itself too", async () => {
  await makeReaders(3);
  const id = await createNewsletter(writer, draft);
  await saveNewsletter(writer, id, { ...draft, version: 1 });
  await sendTest(writer, id);
  const schedule = () => scheduleNewsletter(writer, id, { version: 2, isForWeb: true });
  await schedule();
  await unscheduleNewsletter(writer, id);
  await schedule();
  await bringForward(id, "2 minutes");
  await advanceNewsletters();
  const [first, second, third] = await copiesOf(id);
  await become(first, "accepted");
  await advanceNewsletters();
  for (const row of [second, third]) await become(row, "uncertain");
  await resendUncertain(writer, id, { delivery: second?.id ?? "" });
  await leaveUncertain(writer, id, { count: 1 });
  await correctWeb(writer, id, { ...draft, body: "別", version: 2 });
  await withdrawFromWeb(writer, id);
  await publishOnWeb(writer, id);
  await pauseNewsletter(writer, id);
  await resumeNewsletter(writer, id);
  await cancelNewsletter(writer, id);
  const lines = await db.select().from(auditEvents).where(eq(auditEvents.nounId, id)).orderBy(auditEvents.id);
  const byItself = [6, 7]; // the beginning, and the first appearance on the web
  const actions = [
    ...["create", "save", "send_test", "schedule", "unschedule", "schedule", "send", "publish"],
    ...["resend", "leave", "correct", "withdraw", "publish", "pause", "resume", "cancel"],
  ];
  expect(lines.map(({ staffId, action }) => [staffId, action])).toEqual(
    actions.map((action, at) => [byItself.includes(at) ? null : writer.id, action]),
  );
});
