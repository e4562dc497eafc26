/** Messages of an issue that may or may not have arrived: shown one by one, and decided by a person. */

import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import type { Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { deliveries, subscribers } from "#db/schema/mail.ts";
import { auditEvents } from "#db/schema/staff.ts";
import { sendAgain } from "#emails/ledger/ledger.ts";
import { getNewsletter } from "#emails/newsletters/newsletters.ts";
import { cancelNewsletter, pauseNewsletter } from "#emails/newsletters/pause.ts";
import { leaveUncertain, resendRefusedCopies, resendUncertain, viewUncertain } from "#emails/newsletters/uncertain.ts";
import { advanceNewsletters } from "#emails/outbox/advance-newsletters.ts";
import { claimBatch } from "#emails/outbox/outbox.ts";
import { deleteReaders, makeStaff } from "../fixtures.ts";
import { form, mailApp } from "../requests.ts";
import { become, copiesOf, issueOf, sendTo, statesOf } from "./issues.ts";

let writer: Staff;
beforeEach(async () => {
  await deleteReaders();
  writer = await makeStaff("fundraiser");
});

/** An issue with so many messages of unknown fate, and one that arrived. */
async function withUncertain(count: number) {
  const { id, rows } = await sendTo(writer, count + 1);
  for (const row of rows.slice(0, count)) await become(row, "uncertain", "sender died");
  await become(rows[count], "accepted", "250");
  await advanceNewsletters();
  return { id, ids: rows.slice(0, count).map((row) => row.id) };
}

describe("the list", () => {
  test("holds exactly the messages nobody has decided about, with masked address, reason, time and attempts", async () => {
    const { id, ids } = await withUncertain(3);
    await leaveUncertain(writer, id, { delivery: ids[1] ?? "" });
    const { undecided, total, left } = await viewUncertain(writer, id);
    expect([undecided.map((message) => message.id), total]).toEqual([[ids[0], ids[2]], 2]);
    expect(undecided[0]).toMatchObject({
      recipient: "r•••@example.jp",
      readerId: (await copiesOf(id))[0]?.subscriberId,
      reply: "sender died",
      attempts: 1,
      leftAt: null,
    });
    expect(undecided[0]?.at).toBeInstanceOf(Date);
    expect(left.map((message) => [message.id, message.leftAt instanceof Date])).toEqual([[ids[1], true]]);
  });

  test("names no address of somebody who was erased", async () => {
    const { id } = await withUncertain(1);
    await db.update(subscribers).set({ wrappedKey: null, email: null, emailIndex: null });
    expect((await viewUncertain(writer, id)).undecided).toMatchObject([{ recipient: null, readerId: null }]);
  });

  test("leaves a line of who looked", async () => {
    const { id } = await withUncertain(1);
    await viewUncertain(writer, id);
    const lines = await db.select().from(auditEvents).where(eq(auditEvents.staffId, writer.id));
    expect(lines.find(({ action, noun }) => action === "view" && noun === "delivery")?.detail).toMatchObject({
      newsletter: id,
      lines: 1,
    });
  });
});

describe("a decision", () => {
  test("to send again queues that one message, marked as a repeat under its old Message-ID", async () => {
    const { id, ids } = await withUncertain(2);
    const [before] = await copiesOf(id);
    expect(await resendUncertain(writer, id, { delivery: ids[0] ?? "" })).toBe(1);
    const [again] = await copiesOf(id);
    expect([again?.state, again?.repeated, again?.messageId]).toEqual(["queued", true, before?.messageId]);
    expect(await statesOf(id)).toEqual({ queued: 1, uncertain: 1, accepted: 1 });
    expect((await claimBatch("bulk", 10)).map((claimed) => claimed.id)).toEqual([ids[0]]);
  });

  test("to leave it changes nothing but that it was decided; the last one ends the issue", async () => {
    const { id, ids } = await withUncertain(2);
    expect(await leaveUncertain(writer, id, { delivery: ids[0] ?? "" })).toBe(1);
    await advanceNewsletters();
    expect((await issueOf(id)).state).toBe("sending");
    expect(await leaveUncertain(writer, id, { count: 1 })).toBe(1);
    await advanceNewsletters();
    const { issue, accounting } = await getNewsletter(writer, id);
    expect([issue.state, accounting?.counts.uncertain, accounting?.progress.undecided, accounting?.remainder]).toEqual([
      ...["sent", 2, 0, 0],
    ]);
    await expect(leaveUncertain(writer, id, { delivery: ids[0] ?? "" })).rejects.toThrow("ありません");
  });

  test("to leave it can be taken back by sending again, which opens the issue", async () => {
    const { id, ids } = await withUncertain(1);
    await leaveUncertain(writer, id, { count: 1 });
    await advanceNewsletters();
    expect((await issueOf(id)).finishedAt).not.toBeNull();
    await resendUncertain(writer, id, { delivery: ids[0] ?? "" });
    const issue = await issueOf(id);
    expect([issue.state, issue.finishedAt]).toEqual(["sending", null]);
    await become({ id: ids[0] ?? "" }, "uncertain");
    expect((await viewUncertain(writer, id)).total).toBe(1); // of unknown fate anew, and undecided anew
  });

  test("about all takes all, and only as many as were shown", async () => {
    const { id } = await withUncertain(3);
    await expect(resendUncertain(writer, id, { count: 2 })).rejects.toThrow("数が変わりました");
    await expect(leaveUncertain(writer, id, { count: 4 })).rejects.toThrow("数が変わりました");
    expect(await statesOf(id)).toEqual({ uncertain: 3, accepted: 1 });
    expect(await resendUncertain(writer, id, { count: 3 })).toBe(3);
    expect(await statesOf(id)).toEqual({ queued: 3, accepted: 1 });
    await expect(resendUncertain(writer, id, { count: 3 })).rejects.toThrow("ありません");
  });

  test("concerns messages of this issue that are uncertain, and no others", async () => {
    const { id } = await withUncertain(1);
    const accepted = (await copiesOf(id)).find(({ state }) => state === "accepted");
    await expect(resendUncertain(writer, id, { delivery: accepted?.id ?? "" })).rejects.toThrow("ありません");
    await deleteReaders();
    const other = await withUncertain(1);
    await expect(leaveUncertain(writer, other.id, { delivery: crypto.randomUUID() })).rejects.toThrow("ありません");
    await expect(leaveUncertain(writer, other.id, { delivery: "'" })).rejects.toMatchObject({ name: "NotFound" });
  });

  test("to send again waits while the issue is paused, and is refused once it was cancelled", async () => {
    const { id, ids } = await withUncertain(2);
    await become((await copiesOf(id))[2], "queued");
    await pauseNewsletter(writer, id);
    await resendUncertain(writer, id, { delivery: ids[0] ?? "" });
    expect(await claimBatch("bulk", 10)).toEqual([]);
    await cancelNewsletter(writer, id);
    await expect(resendUncertain(writer, id, { count: 1 })).rejects.toThrow("途中で取りやめた");
    await leaveUncertain(writer, id, { count: 1 });
    await advanceNewsletters();
    expect((await issueOf(id)).finishedAt).not.toBeNull();
  });

  test("made in the ledger opens an issue that was over", async () => {
    const { id, ids } = await withUncertain(1);
    await leaveUncertain(writer, id, { count: 1 });
    await advanceNewsletters();
    await sendAgain(writer, ids[0] ?? "");
    await advanceNewsletters();
    const issue = await issueOf(id);
    expect([issue.state, issue.finishedAt, (await copiesOf(id))[0]?.leftAt]).toEqual(["sending", null, null]);
  });

  test("is made by plain forms, one message or all", async () => {
    const { id, ids } = await withUncertain(3);
    const press = async (verb: string, fields: Record<string, string>) => {
      const answer = await mailApp(writer).request(`/staff/newsletters/${id}/uncertain/${verb}`, form(fields));
      return [answer.status, answer.headers.get("location")?.split("/").at(-1)];
    };
    expect(await press("leave", { delivery: ids[0] ?? "" })).toEqual([303, "uncertain?done=left"]);
    expect(await press("resend", { count: "2" })).toEqual([303, "uncertain?done=resent"]);
    expect((await press("resend", {}))[0]).toBe(422);
    expect((await press("resend", { delivery: "x" }))[0]).toBe(422);
    expect(await db.$count(deliveries, eq(deliveries.state, "queued"))).toBe(2);
  });
});

describe("what was refused", () => {
  /** An issue of which so many copies were refused, one is of unknown fate, and one arrived. */
  async function withRefused(count: number) {
    const { id, rows } = await sendTo(writer, count + 2);
    for (const row of rows.slice(0, count)) await become(row, "failed", "550 5.4.5");
    await become(rows[count], "uncertain", "ECONNECTION");
    await become(rows[count + 1], "accepted", "250");
    await leaveUncertain(writer, id, { count: 1 });
    await advanceNewsletters();
    return id;
  }

  test("is sent again together, as many as were shown and nothing else, and the issue is open until it has ended", async () => {
    const id = await withRefused(3);
    expect((await issueOf(id)).state).toBe("sent");
    await expect(resendRefusedCopies(writer, id, { count: 2 })).rejects.toThrow("数が変わりました");
    expect([(await issueOf(id)).state, await statesOf(id)]).toEqual(["sent", { failed: 3, uncertain: 1, accepted: 1 }]);
    expect(await resendRefusedCopies(writer, id, { count: 3 })).toBe(3);
    expect([(await issueOf(id)).state, await statesOf(id)]).toEqual([
      "sending",
      { queued: 3, uncertain: 1, accepted: 1 },
    ]);
    await expect(resendRefusedCopies(writer, id, { count: 3 })).rejects.toThrow("数が変わりました");
    const lines = await db.select().from(auditEvents).where(eq(auditEvents.nounId, id));
    expect(lines.filter(({ action }) => action === "resend").map(({ detail }) => detail)).toEqual([
      { count: 3, was: "failed" },
    ]);
  });

  test("stays so once the issue was cancelled", async () => {
    const { id, rows } = await sendTo(writer, 2);
    await become(rows[0], "failed", "550 5.4.5");
    await cancelNewsletter(writer, id);
    await expect(resendRefusedCopies(writer, id, { count: 1 })).rejects.toThrow("取りやめた号");
  });
});
