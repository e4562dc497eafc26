import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { db, transaction } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import { deliveries } from "#db/schema/mail.ts";
import type { DeliveryKind } from "#db/terms/mail.ts";
import { senderDomain } from "#emails/addresses.ts";
import { markHandingOver } from "#emails/outbox/mark.ts";
import { claimBatch, type Claimed, enqueue, laneOf, ledgerCounts, messageIdFor } from "#emails/outbox/outbox.ts";
import { onWake } from "#emails/outbox/wake.ts";
import { enqueueNow, makeIssue, makeStaff, makeSubscriber, finishOne } from "../fixtures.ts";

/** A newsletter has an issue, and a reader who is confirmed. */
async function queue(kind: DeliveryKind = "receipt"): Promise<string> {
  if (kind !== "newsletter") return enqueueNow({ kind });
  const newsletterId = await makeIssue(await makeStaff());
  const { subscriberId } = await makeSubscriber(`${newId()}@example.jp`);
  return enqueueNow({ kind, newsletterId, subscriberId });
}

async function rowOf(id: string) {
  const [row] = await db.select().from(deliveries).where(eq(deliveries.id, id));
  if (!row) throw new Error("no such delivery");
  return row;
}

/** What a sender that was killed a minute ago leaves behind. */
const expireLeases = () =>
  db.execute(sql`update deliveries set leased_until = now() - interval '1 second' where state = 'leased'`);
const makeDue = (id: string) =>
  db
    .update(deliveries)
    .set({ dueAt: new Date(0) })
    .where(eq(deliveries.id, id));

async function claimOne(kind: DeliveryKind = "receipt"): Promise<Claimed> {
  await queue(kind);
  const [claimed] = await claimBatch(laneOf(kind), 1);
  if (!claimed) throw new Error("nothing to claim");
  return claimed;
}

/** Claimed, and marked as about to be handed over. */
async function claimHandedOver(kind: DeliveryKind = "receipt"): Promise<Claimed> {
  const claimed = await claimOne(kind);
  await markHandingOver([claimed]);
  return claimed;
}

beforeEach(() => db.delete(deliveries));

test("a message is queued inside its cause's transaction and falls with it", async () => {
  await transaction(async (tx) => {
    await enqueue(tx, { kind: "receipt" });
    throw new Error("undone");
  }).catch(() => {});
  expect((await ledgerCounts()).queued).toBe(0);
});

test("senders are woken once what was queued is committed, and not by what was undone", async () => {
  const wakesBeforeCommit: number[] = [];
  let wakes = 0;
  const forget = onWake(() => void wakes++);
  await transaction(async (tx) => {
    await enqueue(tx, { kind: "receipt" });
    await enqueue(tx, { kind: "staff_notice" });
    wakesBeforeCommit.push(wakes);
  });
  await transaction(async (tx) => {
    await enqueue(tx, { kind: "receipt" });
    throw new Error("undone");
  }).catch(() => {});
  forget();
  expect([wakesBeforeCommit, wakes]).toEqual([[0], 1]);
});

test("the Message-ID is fixed when queued and names our domain", async () => {
  const id = await queue();
  expect((await rowOf(id)).messageId).toBe(`<${id}@${senderDomain()}>`);
  expect(messageIdFor(id)).toBe(`<${id}@example.jp>`);
});

describe("claiming", () => {
  test("goes in due order, one lane at a time, and gives nobody the same message", async () => {
    const first = await queue();
    const second = await queue("staff_notice");
    const issue = await queue("newsletter");
    await makeDue(second);
    const [one, two] = await Promise.all([claimBatch("transactional", 1), claimBatch("transactional", 1)]);
    expect([...one, ...two].map(({ id }) => id).toSorted()).toEqual([first, second].toSorted());
    expect(await claimBatch("transactional", 5)).toEqual([]);
    expect((await claimBatch("bulk", 5)).map(({ id, attempts }) => [id, attempts])).toEqual([[issue, 1]]);
  });

  test("fifty senders at once share out every message exactly once", async () => {
    const ids = await Promise.all(Array.from({ length: 40 }, () => queue()));
    const claims = await Promise.all(Array.from({ length: 50 }, () => claimBatch("transactional", 3)));
    const rest = await claimBatch("transactional", 100);
    const got = [...claims.flat(), ...rest].map(({ id }) => id);
    expect(got.toSorted()).toEqual(ids.toSorted());
  });

  test.each(["receipt", "newsletter"] as const)(
    "what a crashed sender had not begun to hand over is sent like any other: %s",
    async (kind) => {
      const lost = await claimOne(kind);
      await expireLeases();
      expect(await claimBatch(lost.lane, 5)).toEqual([{ ...lost, attempts: 2, repeated: false }]);
    },
  );

  test("the mark counts for its own attempt: a later sender that dies before it has sent nothing", async () => {
    const first = await claimHandedOver("newsletter");
    await finishOne(first, { state: "unreachable", reply: "ESOCKET" });
    await claimBatch("bulk", 1);
    await expireLeases();
    expect((await claimBatch("bulk", 1)).map(({ id, repeated }) => [id, repeated])).toEqual([[first.id, false]]);
  });

  test("a crashed sender's receipt goes out again with the same Message-ID, visibly", async () => {
    const lost = await claimHandedOver();
    expect(await claimBatch("transactional", 5)).toEqual([]);
    await expireLeases();
    const [again] = await claimBatch("transactional", 5);
    expect(again).toEqual({ ...lost, attempts: 2, repeated: true });
  });

  test("a crashed sender's newsletter waits for a person to decide", async () => {
    const lost = await claimHandedOver("newsletter");
    await expireLeases();
    expect(await claimBatch("bulk", 5)).toEqual([]);
    const row = await rowOf(lost.id);
    expect([row.state, row.repeated, row.leasedUntil, row.reply]).toEqual(["uncertain", false, null, "sender died"]);
  });

  test("a message whose sender crashes every time is given up in the end", async () => {
    const { id } = await claimHandedOver();
    for (let death = 1; death <= 3; death++) {
      await expireLeases();
      const again = await claimBatch("transactional", 5);
      expect(again.length).toBe(1);
      await markHandingOver(again);
    }
    await expireLeases();
    expect(await claimBatch("transactional", 5)).toEqual([]);
    expect((await rowOf(id)).state).toBe("uncertain");
  });
});

describe("outcomes", () => {
  const delays = { retry: [1000, 60_000], giveUp: 3_600_000, uncertain: 2000 };
  const secondsUntilDue = async (id: string) => ((await rowOf(id)).dueAt.getTime() - Date.now()) / 1000;

  test("accepted, failed, suppressed and cancelled are final", async () => {
    for (const state of ["accepted", "failed", "suppressed", "cancelled"] as const) {
      const claimed = await claimOne();
      await finishOne(claimed, { state, reply: "250 2.0.0" });
      const row = await rowOf(claimed.id);
      expect([row.state, row.reply, row.leasedUntil, row.finishedAt !== null]).toEqual([
        state,
        "250 2.0.0",
        null,
        true,
      ]);
    }
    expect(await claimBatch("transactional", 9)).toEqual([]);
  });

  test("refused for now: later and later, then failed", async () => {
    const claimed = await claimOne();
    await finishOne(claimed, { state: "retry", reply: "450" }, delays);
    expect(await secondsUntilDue(claimed.id)).toBeLessThan(1.3);
    await makeDue(claimed.id);
    const [again] = await claimBatch("transactional", 1);
    await finishOne(again as Claimed, { state: "retry", reply: "450" }, delays);
    const wait = await secondsUntilDue(claimed.id);
    expect([wait > 40, wait < 80, (await rowOf(claimed.id)).state]).toEqual([true, true, "retry"]);
    await makeDue(claimed.id);
    await db.execute(sql`update deliveries set queued_at = now() - interval '61 minutes'`);
    const [last] = await claimBatch("transactional", 1);
    await finishOne(last as Claimed, { state: "retry", reply: "450" }, delays);
    const row = await rowOf(claimed.id);
    expect([row.state, row.attempts, row.finishedAt !== null]).toEqual(["failed", 3, true]);
  });

  test("an absent server costs no attempt and no waiting in the row", async () => {
    const claimed = await claimOne();
    await finishOne(claimed, { state: "unreachable", reply: "ESOCKET" });
    const row = await rowOf(claimed.id);
    expect([row.state, row.attempts, row.dueAt.getTime() <= Date.now()]).toEqual(["queued", 0, true]);
    expect((await claimBatch("transactional", 1)).map(({ id, attempts }) => [id, attempts])).toEqual([[claimed.id, 1]]);
  });

  test("a receipt of unknown fate goes out again three times at most; a newsletter never by itself", async () => {
    const claimed = await claimOne();
    await finishOne(claimed, { state: "uncertain" }, delays);
    const states = [];
    for (let repeat = 1; repeat <= 3; repeat++) {
      await makeDue(claimed.id);
      const [again] = await claimBatch("transactional", 1);
      states.push([again?.repeated, again?.messageId === claimed.messageId]);
      await finishOne(again as Claimed, { state: "uncertain" }, delays);
    }
    expect(states).toEqual([
      [true, true],
      [true, true],
      [true, true],
    ]);
    expect((await rowOf(claimed.id)).state).toBe("uncertain");
    const issue = await claimOne("newsletter");
    await finishOne(issue, { state: "uncertain" }, delays);
    expect([(await rowOf(issue.id)).state, (await rowOf(issue.id)).repeated]).toEqual(["uncertain", false]);
  });

  test("a sender whose lease was taken over changes nothing", async () => {
    const late = await claimOne();
    await expireLeases();
    const [now] = await claimBatch("transactional", 1);
    await finishOne(late, { state: "failed", reply: "550" });
    expect((await rowOf(late.id)).state).toBe("leased");
    await finishOne(now as Claimed, { state: "accepted", reply: "250" });
    expect((await rowOf(late.id)).state).toBe("accepted");
  });

  test("a newsletter given up as uncertain is accepted when the acceptance is written late", async () => {
    const late = await claimHandedOver("newsletter");
    await expireLeases();
    await claimBatch("bulk", 1);
    await finishOne(late, { state: "accepted", reply: "250" });
    expect((await rowOf(late.id)).state).toBe("accepted");
  });
});

test("the ledger counts every message once, by state", async () => {
  await finishOne(await claimOne(), { state: "accepted" });
  await finishOne(await claimOne(), { state: "failed" });
  await claimOne();
  await queue();
  await queue("newsletter");
  expect(await ledgerCounts()).toEqual({
    queued: 2,
    leased: 1,
    accepted: 1,
    retry: 0,
    failed: 1,
    uncertain: 0,
    suppressed: 0,
    cancelled: 0,
  });
  expect((await ledgerCounts({ kinds: ["newsletter"] })).queued).toBe(1);
});
