/** An issue that is stopped in the middle: nothing of what waits goes out, what was under way finishes, and the sum stays the audience. */

import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import type { Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { deliveries } from "#db/schema/mail.ts";
import { sendAgain, viewLedger } from "#emails/ledger/ledger.ts";
import { refusalInWords } from "#emails/ledger/refusal-words.ts";
import { getNewsletter } from "#emails/newsletters/newsletters.ts";
import { cancelNewsletter, pauseNewsletter, resumeNewsletter } from "#emails/newsletters/pause.ts";
import { advanceNewsletters } from "#emails/outbox/advance-newsletters.ts";
import { correctFutureTimes } from "#emails/outbox/future-times.ts";
import { markHandingOver } from "#emails/outbox/mark.ts";
import { claimBatch, type Claimed } from "#emails/outbox/outbox.ts";
import { deleteReaders, makeStaff, finishOne } from "../fixtures.ts";
import { become, copiesOf, issueOf, sendTo, statesOf } from "./issues.ts";

let writer: Staff;
beforeEach(async () => {
  await deleteReaders();
  writer = await makeStaff("fundraiser");
});

const claimed = async (count = 10) => (await claimBatch("bulk", count)).length;
async function claimOne(): Promise<Claimed> {
  const [one] = await claimBatch("bulk", 1);
  if (!one) throw new Error("nothing to claim");
  return one;
}
const remainder = async (id: string) => (await getNewsletter(writer, id)).accounting?.remainder;

describe("a pause", () => {
  test("keeps everything that waits back until somebody goes on", async () => {
    const { id, rows } = await sendTo(writer, 3);
    await become(rows[0], "retry", "451");
    expect(await pauseNewsletter(writer, id)).toBe(3);
    await advanceNewsletters();
    expect([(await issueOf(id)).state, await claimed(), await remainder(id)]).toEqual(["paused", 0, 0]);
    expect(await resumeNewsletter(writer, id)).toBe(3);
    expect([(await issueOf(id)).state, await claimed()]).toEqual(["sending", 3]);
  });

  test("lets what is under way finish, and keeps back what comes back to wait", async () => {
    const { id } = await sendTo(writer, 4);
    const [first, second, third] = [await claimOne(), await claimOne(), await claimOne()];
    expect(await pauseNewsletter(writer, id)).toBe(1);
    await finishOne(first, { state: "accepted", reply: "250" });
    await finishOne(second, { state: "retry", reply: "451" }, { retry: [0], giveUp: 1e9, uncertain: 0 });
    await finishOne(third, { state: "unreachable", reply: "ECONNECTION" });
    await advanceNewsletters();
    expect([await claimed(), await statesOf(id)]).toEqual([0, { accepted: 1, retry: 1, queued: 2 }]);
    expect(await resumeNewsletter(writer, id)).toBe(3);
    expect([await claimed(), await remainder(id)]).toEqual([3, 0]);
  });

  test("of many days is not counted against a message that is then refused for now", async () => {
    const { id } = await sendTo(writer, 1);
    await pauseNewsletter(writer, id);
    await db.update(deliveries).set({ queuedAt: sql`queued_at - interval '5 days'` });
    await resumeNewsletter(writer, id);
    await finishOne(await claimOne(), { state: "retry", reply: "451" });
    expect(await statesOf(id)).toEqual({ retry: 1 });
  });

  test("outlasts a clock that is set back", async () => {
    const { id, rows } = await sendTo(writer, 2);
    await become(rows[0], "retry", "451");
    await pauseNewsletter(writer, id);
    await db.execute(sql`update deliveries set queued_at = queued_at + interval '1 day'`);
    expect(await correctFutureTimes()).toBe(0);
    expect(await claimed()).toBe(0);
  });

  test("in which the last message under way ends is the end of the issue", async () => {
    const { id, rows } = await sendTo(writer, 2);
    await become(rows[0], "accepted");
    const last = await claimOne();
    await pauseNewsletter(writer, id);
    await advanceNewsletters();
    expect((await issueOf(id)).state).toBe("paused");
    await finishOne(last, { state: "accepted", reply: "250" });
    await advanceNewsletters();
    expect((await issueOf(id)).state).toBe("sent");
  });

  test("shows in the ledger, and a message queued again by hand waits for its end too", async () => {
    const { id, rows } = await sendTo(writer, 2);
    await become(rows[0], "failed", "550 5.1.1");
    await become(rows[1], "retry", "451");
    await pauseNewsletter(writer, id);
    const { lines } = await viewLedger(writer, { state: "retry" });
    expect(lines.map(({ dueAt }) => dueAt)).toEqual([null]);
    await sendAgain(writer, rows[0]?.id ?? "");
    expect([await claimed(), await statesOf(id)]).toEqual([0, { queued: 1, retry: 1 }]);
  });
});

describe("a cancelled issue", () => {
  test("sends nothing more, for good, and still says what became of everybody", async () => {
    const { id, rows } = await sendTo(writer, 5);
    await become(rows[0], "accepted");
    await become(rows[1], "retry", "451");
    const underWay = await claimOne();
    expect(await cancelNewsletter(writer, id)).toBe(3);
    expect([await claimed(), await statesOf(id)]).toEqual([0, { accepted: 1, leased: 1, cancelled: 3 }]);
    expect((await issueOf(id)).finishedAt).toBeNull();
    await finishOne(underWay, { state: "retry", reply: "451" }, { retry: [0], giveUp: 1e9, uncertain: 0 });
    await advanceNewsletters();
    expect([await claimed(), await statesOf(id), await remainder(id)]).toEqual([0, { accepted: 1, cancelled: 4 }, 0]);
    const { state, finishedAt } = await issueOf(id);
    expect([state, finishedAt === null]).toEqual(["cancelled", false]);
  });

  test("can be cancelled out of a pause, and takes nothing up again", async () => {
    const { id, rows } = await sendTo(writer, 2);
    await become(rows[0], "failed", "550 5.1.1");
    await pauseNewsletter(writer, id);
    expect(await cancelNewsletter(writer, id)).toBe(1);
    await expect(resumeNewsletter(writer, id)).rejects.toThrow("一時停止していません");
    await expect(cancelNewsletter(writer, id)).rejects.toThrow("いま送っているところではありません");
    await expect(sendAgain(writer, rows[0]?.id ?? "")).rejects.toThrow("途中で取りやめた");
    expect(await statesOf(id)).toEqual({ failed: 1, cancelled: 1 });
  });

  test("keeps apart who had left when their turn came, which nobody cancelled", async () => {
    const { id, rows } = await sendTo(writer, 4);
    const leftBefore = async () => (await getNewsletter(writer, id)).accounting?.leftBefore;
    const [gone, ...others] = await claimBatch("bulk", 3);
    if (!gone) throw new Error("nothing to claim");
    await db.execute(sql`update subscriptions set state = 'unsubscribed' where subscriber_id = ${gone.subscriberId}`);
    await markHandingOver([gone]);
    expect([await statesOf(id), await leftBefore()]).toEqual([{ cancelled: 1, leased: 2, queued: 1 }, 1]);
    await cancelNewsletter(writer, id);
    await markHandingOver(others);
    expect([await statesOf(id), await leftBefore()]).toEqual([{ cancelled: 4 }, 1]);
    const words = (await copiesOf(id)).map(refusalInWords);
    expect(words.filter((sentence) => sentence.includes("読者ではなくなって")).length).toBe(1);
    expect(words.filter((sentence) => sentence.includes("取りやめた")).length).toBe(rows.length - 1);
  });

  test("says in the ledger why its messages were not sent", async () => {
    const { id } = await sendTo(writer, 1);
    await cancelNewsletter(writer, id);
    const [copy] = await copiesOf(id);
    if (!copy) throw new Error("no message");
    expect(refusalInWords(copy)).toContain("途中で取りやめた");
  });
});

test("what the state does not allow is refused", async () => {
  const { id, rows } = await sendTo(writer, 1);
  await expect(resumeNewsletter(writer, id)).rejects.toThrow("一時停止していません");
  await pauseNewsletter(writer, id);
  await expect(pauseNewsletter(writer, id)).rejects.toThrow("いま送っているところではありません");
  await resumeNewsletter(writer, id);
  await become(rows[0], "accepted");
  await advanceNewsletters();
  await expect(pauseNewsletter(writer, id)).rejects.toThrow("いま送っているところではありません");
});

test("a resumption is not undone by a sender that parks at the same moment", async () => {
  const { id } = await sendTo(writer, 3);
  for (let round = 0; round < 5; round++) {
    await pauseNewsletter(writer, id);
    await db
      .update(deliveries)
      .set({ dueAt: sql`now()` })
      .where(eq(deliveries.newsletterId, id)); // as if they had just come back
    await Promise.all([advanceNewsletters(), resumeNewsletter(writer, id), advanceNewsletters()]);
    const parked = await db.$count(deliveries, sql`due_at = 'infinity'`);
    expect([(await issueOf(id)).state, parked]).toEqual(["sending", 0]);
  }
});
