/** The mark before a text goes out, and the last question whether it may. */

import { eq } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { db } from "#db/client.ts";
import { deliveries, newsletters, subscribers, subscriptions, suppressions } from "#db/schema/mail.ts";
import { addressIndex } from "#emails/addresses.ts";
import { markHandingOver } from "#emails/outbox/mark.ts";
import { claimBatch, type Claimed } from "#emails/outbox/outbox.ts";
import {
  deleteReaders,
  enqueueNow,
  makeIssue,
  makeStaff,
  makeSubscriber,
  queueReceipts,
  finishOne,
} from "../fixtures.ts";

beforeEach(deleteReaders);

/** Copies of one issue, claimed, in the order of these addresses. */
async function claimCopies(...addresses: string[]) {
  const newsletterId = await makeIssue(await makeStaff());
  const claimed: Claimed[] = [];
  for (const address of addresses) {
    const { subscriberId } = await makeSubscriber(address);
    await enqueueNow({ kind: "newsletter", newsletterId, subscriberId });
    claimed.push(...(await claimBatch("bulk", 1)));
  }
  return { newsletterId, claimed };
}

async function rows() {
  const found = await db.select().from(deliveries).orderBy(deliveries.id);
  return found.map(({ state, attempts, handingOverAt }) => [state, attempts, handingOverAt !== null]);
}

const verdictsOf = async (claimed: Claimed[]) => {
  const verdicts = await markHandingOver(claimed);
  return claimed.map(({ id }) => verdicts.get(id));
};

test("everything claimed is marked in one statement, receipts too", async () => {
  const { claimed } = await claimCopies("a@example.jp", "b@example.jp");
  await queueReceipts(1);
  expect(await verdictsOf([...claimed, ...(await claimBatch("transactional", 1))])).toEqual(["go", "go", "go"]);
  expect(await rows()).toEqual([1, 2, 3].map(() => ["leased", 1, true]));
});

test("a claim takes the mark of an earlier attempt away", async () => {
  const { claimed } = await claimCopies("a@example.jp");
  await markHandingOver(claimed);
  for (const one of claimed) await finishOne(one, { state: "unreachable" });
  await claimBatch("bulk", 1);
  expect(await rows()).toEqual([["leased", 1, false]]);
});

test("whoever left after the claim gets nothing, and neither does whoever was suppressed or erased", async () => {
  const { claimed } = await claimCopies("stays@example.jp", "left@example.jp", "stopped@example.jp");
  const left = eq(subscriptions.subscriberId, claimed[1]?.subscriberId ?? "");
  await db.update(subscriptions).set({ state: "unsubscribed", unsubscribedAt: new Date() }).where(left);
  await db.insert(suppressions).values({ emailIndex: addressIndex("stopped@example.jp"), reason: "bounce" });
  expect(await verdictsOf(claimed)).toEqual(["go", "cancelled", "suppressed"]);
  expect(await rows()).toEqual([
    ["leased", 1, true],
    ["cancelled", 1, false],
    ["suppressed", 1, false],
  ]);
});

test("a claim says at once of whom it need not be asked", async () => {
  const { claimed } = await claimCopies("stays@example.jp");
  expect(claimed[0]?.reader).toMatchObject({ isConfirmed: true, isSuppressed: false });
  const gone = await makeSubscriber("gone@example.jp", "unsubscribed");
  await db.insert(suppressions).values({ emailIndex: addressIndex("gone@example.jp"), reason: "request" });
  await enqueueNow({
    kind: "newsletter",
    newsletterId: claimed[0]?.newsletterId ?? "",
    subscriberId: gone.subscriberId,
  });
  const [other] = await claimBatch("bulk", 1);
  expect(other?.reader).toMatchObject({ isConfirmed: false, isSuppressed: true });
  const [row] = await db.select().from(subscribers).where(eq(subscribers.id, gone.subscriberId));
  expect(other?.reader?.email).toEqual(row?.email);
});

test("a paused issue's copies go back to the queue and wait there; those of a stopped one are called off", async () => {
  const { claimed, newsletterId } = await claimCopies("a@example.jp", "b@example.jp");
  const setState = (state: "paused" | "sending" | "cancelled") =>
    db.update(newsletters).set({ state }).where(eq(newsletters.id, newsletterId));
  await setState("paused");
  expect(await verdictsOf(claimed)).toEqual(["wait", "wait"]);
  expect(await rows()).toEqual([1, 2].map(() => ["queued", 0, false]));
  expect(await claimBatch("bulk", 5)).toEqual([]);
  await setState("sending");
  const again = await claimBatch("bulk", 5);
  expect(again.length).toBe(2);
  await setState("cancelled");
  expect(await verdictsOf(again)).toEqual(["cancelled", "cancelled"]);
});

test("what another sender has claimed since is not marked for this one", async () => {
  const { claimed } = await claimCopies("a@example.jp");
  await db.update(deliveries).set({ leasedUntil: new Date(0) });
  const [theirs] = await claimBatch("bulk", 1);
  expect(await verdictsOf(claimed)).toEqual([undefined]);
  expect(await rows()).toEqual([["leased", 2, false]]);
  expect(await verdictsOf([theirs as Claimed])).toEqual(["go"]);
});

test("a marked message whose attempt is slow keeps its lease from the mark on", async () => {
  const { claimed } = await claimCopies("a@example.jp");
  await db.update(deliveries).set({ leasedUntil: new Date(Date.now() + 1000) });
  await markHandingOver(claimed);
  const [row] = await db.select().from(deliveries);
  expect((row?.leasedUntil?.getTime() ?? 0) - Date.now()).toBeGreaterThan(40_000);
});
