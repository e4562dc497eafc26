/** The outbox after the database's clock was set back: what was written before waits no longer than it should. */

import { eq, sql } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { db } from "#db/client.ts";
import { deliveries } from "#db/schema/mail.ts";
import { correctFutureTimes } from "#emails/outbox/future-times.ts";
import { claimBatch } from "#emails/outbox/outbox.ts";
import { enqueueNow, finishOne } from "../fixtures.ts";

beforeEach(() => db.delete(deliveries));

/** As if all of it had been written by a clock that was a day ahead. */
const setClockBack = () =>
  db.execute(sql`
    update deliveries set queued_at = queued_at + interval '1 day', due_at = due_at + interval '1 day',
      leased_until = leased_until + interval '1 day'`);

/** Seconds from now until a column's time, rounded. */
async function secondsUntil(column: "due_at" | "leased_until" | "queued_at"): Promise<number | undefined> {
  const [row] = await db.execute<{ seconds: number }>(
    sql`select round(extract(epoch from ${sql.raw(column)} - now()))::int as seconds from deliveries`,
  );
  return row?.seconds;
}

test("a queued message is due at once again, and a planned one after as long as it was planned", async () => {
  await enqueueNow({ kind: "receipt" });
  await setClockBack();
  expect(await claimBatch("transactional", 1)).toEqual([]);
  expect(await correctFutureTimes()).toBe(1);
  expect(await claimBatch("transactional", 1)).toHaveLength(1);

  await db.delete(deliveries);
  await enqueueNow({ kind: "receipt", dueAt: new Date(Date.now() + 3_600_000) });
  await setClockBack();
  expect(await correctFutureTimes()).toBe(1);
  expect(Math.abs(((await secondsUntil("due_at")) ?? 0) - 3600)).toBeLessThan(60);
});

test("a lease lasts a whole lease from now: its holder may be alive, and if not, the message is sent again", async () => {
  await enqueueNow({ kind: "receipt" });
  await claimBatch("transactional", 1);
  await setClockBack();
  expect(await correctFutureTimes()).toBe(1);
  const left = (await secondsUntil("leased_until")) ?? 0;
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThanOrEqual(60);
});

test("an attempt that was put off further than the longest pause is made now", async () => {
  const id = await enqueueNow({ kind: "receipt" });
  const [claimed] = await claimBatch("transactional", 1);
  if (!claimed) throw new Error("nothing to claim");
  await finishOne(claimed, { state: "retry", reply: "451" });
  // Queued before the clock was ahead; only the attempt fell into that time.
  await db.execute(sql`update deliveries set due_at = due_at + interval '1 day'`);
  expect(await correctFutureTimes()).toBe(1);
  expect((await claimBatch("transactional", 1)).map((one) => one.id)).toEqual([id]);
});

test("what is parked with its paused issue stays parked", async () => {
  await enqueueNow({ kind: "newsletter" });
  await setClockBack();
  await db.execute(sql`update deliveries set due_at = 'infinity'`);
  expect(await correctFutureTimes()).toBe(0);
  expect(await db.$count(deliveries, sql`due_at = 'infinity'`)).toBe(1);
});

test("what is as it should be stays as it is", async () => {
  await enqueueNow({ kind: "receipt", dueAt: new Date(Date.now() + 86_400_000) });
  await enqueueNow({ kind: "newsletter" });
  await enqueueNow({ kind: "staff_notice" });
  await claimBatch("bulk", 1);
  const [put] = await claimBatch("transactional", 1);
  if (!put) throw new Error("nothing to claim");
  await finishOne(put, { state: "retry", reply: "451" });
  const before = await db.select().from(deliveries).orderBy(deliveries.id);
  expect(await correctFutureTimes()).toBe(0);
  expect(await db.select().from(deliveries).orderBy(deliveries.id)).toEqual(before);
  expect(await db.$count(deliveries, eq(deliveries.state, "leased"))).toBe(1);
});
