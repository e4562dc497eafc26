/** How newsletters go out beside receipts, with a mail server whose every answer the test gives. */

import { setTimeout as sleep } from "node:timers/promises";
import { eq } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { db } from "#db/client.ts";
import { deliveries, subscriptions, suppressions } from "#db/schema/mail.ts";
import { addressIndex } from "#emails/addresses.ts";
import { compose } from "#emails/outbox/compose.ts";
import { claimBatch, defaultDelays } from "#emails/outbox/outbox.ts";
import { composed } from "#emails/sender/attempt.ts";
import { NewsletterLane } from "#emails/sender/newsletter-lane.ts";
import { Sender } from "#emails/sender/sender.ts";
import type { OutgoingMail } from "#emails/smtp/mailer.ts";
import type { Outcome } from "#emails/smtp/outcome.ts";
import { deleteReaders, enqueueNow, makeIssue, makeStaff, makeSubscriber, queueReceipts } from "../fixtures.ts";

const open: (() => Promise<void>)[] = [];

beforeEach(deleteReaders);
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

const accepted: Outcome = { state: "accepted", reply: "250" };
const lost: Outcome = { state: "unreachable", reply: "ECONNECTION" };

/** Holds every message until the test answers it. */
function heldMailer() {
  const held: { to: string; answer: (outcome: Outcome) => void }[] = [];
  return {
    held,
    /** Addresses of all that was handed over, in order. */
    begun: [] as string[],
    send(message: OutgoingMail) {
      const to = message.to[0]?.address ?? "";
      this.begun.push(to);
      return new Promise<Outcome>((answer) => held.push({ to, answer }));
    },
    /** Answers the oldest. */
    answer(outcome: Outcome) {
      held.shift()?.answer(outcome);
    },
    close: () => {},
  };
}

const connections = 5;

function startSender() {
  const mailer = heldMailer();
  const rateLimit = { take: (wanted: number) => Promise.resolve(wanted), refund: () => Promise.resolve() };
  let time = 0;
  const scheduled: number[] = [];
  const clock = {
    now: () => time,
    schedule: (_: unknown, ms: number) => void scheduled.push(ms),
    sleep: async () => {},
  };
  const parts = { mailer, rateLimit, clock, compose, connections, delays: defaultDelays, pausesMs: [1000, 5000] };
  const sender = new Sender(parts);
  open.push(async () => {
    const stopping = sender.stop();
    const answering = setInterval(() => mailer.answer(accepted), 1);
    await stopping;
    clearInterval(answering);
  });
  return { sender, mailer, scheduled, pass: (ms: number) => (time += ms) };
}

/** Queues one issue to reader0@example.jp and so on. */
async function queueIssue(readers: number) {
  const newsletterId = await makeIssue(await makeStaff());
  const ids = [];
  for (let i = 0; i < readers; i++) {
    const { subscriberId } = await makeSubscriber(`reader${i}@example.jp`);
    ids.push({ subscriberId, id: await enqueueNow({ kind: "newsletter", newsletterId, subscriberId }) });
  }
  return ids;
}

const counts = async () => {
  const rows = await db.select().from(deliveries);
  return {
    queued: rows.filter(({ state }) => state === "queued").length,
    leased: rows.filter(({ state }) => state === "leased").length,
    accepted: rows.filter(({ state }) => state === "accepted").length,
    marked: rows.filter(({ state, handingOverAt }) => state === "leased" && handingOverAt !== null).length,
  };
};

const until = (check: () => unknown) => vi.waitFor(check, { timeout: 20_000, interval: 5 });

test("claims run ahead of the connections, marks by no more than one message for each", async () => {
  await queueIssue(40);
  const { sender, mailer } = startSender();
  await sender.pump();
  await until(async () => expect(await counts()).toMatchObject({ marked: 2 * connections }));
  expect(mailer.begun.length).toBe(connections);
  expect((await counts()).leased).toBeLessThanOrEqual(5 * connections);
});

test("no more than three times the connections are ever marked without an outcome, however slow outcomes are written", async () => {
  await queueIssue(40);
  const written: (() => void)[] = [];
  const lane: NewsletterLane = new NewsletterLane({
    connections,
    now: () => 0,
    isProbing: () => false,
    room: () => connections - lane.sending,
    compose: (delivery) => composed(delivery, { mailer: heldMailer(), compose }),
    send: async () => accepted,
    settle: () => new Promise((done) => written.push(done)),
    track: (work) => void work,
    onChange: () => {},
  });
  await lane.add(await claimBatch("bulk", 40), false);
  await until(() => expect(written.length).toBe(3 * connections));
  await sleep(200);
  expect((await counts()).marked).toBe(3 * connections);
  for (const done of written.splice(0)) done();
  await until(() => expect(written.length).toBe(3 * connections));
});

test("an issue goes to everybody once", async () => {
  await queueIssue(60);
  const { sender, mailer } = startSender();
  await sender.pump();
  for (let i = 0; i < 60; i++) {
    await until(() => expect(mailer.held.length).toBeGreaterThan(0));
    mailer.answer(accepted);
  }
  await sender.idle();
  expect(await counts()).toEqual({ queued: 0, leased: 0, accepted: 60, marked: 0 });
  expect(new Set(mailer.begun).size).toBe(60);
});

test("whoever leaves between claim and mark gets nothing", async () => {
  const readers = await queueIssue(16);
  const { sender, mailer } = startSender();
  await sender.pump();
  await until(async () => expect(await counts()).toMatchObject({ marked: 2 * connections }));
  const [left, stopped] = [readers[12], readers[14]];
  await db
    .update(subscriptions)
    .set({ state: "unsubscribed", unsubscribedAt: new Date() })
    .where(eq(subscriptions.subscriberId, left?.subscriberId ?? ""));
  await db.insert(suppressions).values({ emailIndex: addressIndex("reader14@example.jp"), reason: "complaint" });
  for (let i = 0; i < 14; i++) {
    await until(() => expect(mailer.held.length).toBeGreaterThan(0));
    mailer.answer(accepted);
  }
  await sender.idle();
  const rows = new Map((await db.select().from(deliveries)).map(({ id, state }) => [id, state]));
  expect([rows.get(left?.id ?? ""), rows.get(stopped?.id ?? "")]).toEqual(["cancelled", "suppressed"]);
  expect(mailer.begun).not.toContain("reader12@example.jp");
  expect(mailer.begun).not.toContain("reader14@example.jp");
  expect(mailer.begun.length).toBe(14);
});

test("a receipt that comes while newsletters take every connection begins at once, and newsletters make room for more", async () => {
  await queueIssue(30);
  const { sender, mailer } = startSender();
  await sender.pump();
  await until(() => expect(mailer.begun.length).toBe(connections));
  await queueReceipts(2);
  await sender.pump();
  await until(() => expect(mailer.begun).toContain("family0@example.jp"));
  expect(mailer.begun.length).toBe(connections + 1);
  mailer.answer(accepted);
  mailer.answer(accepted);
  await until(() => expect(mailer.begun).toContain("family1@example.jp"));
  expect(mailer.held.length).toBeLessThanOrEqual(connections + 1);
});

describe("a lost connection", () => {
  test("of five lets the others go on: no pause is left once another is answered", async () => {
    await queueIssue(30);
    const { sender, mailer } = startSender();
    await sender.pump();
    await until(() => expect(mailer.held.length).toBe(connections));
    mailer.answer(lost);
    mailer.answer(accepted);
    // The test's clock stands still: a pause that lasted would never end.
    await until(() => expect(mailer.held.length).toBe(connections));
    await until(async () => {
      while (mailer.held.length > 0) mailer.answer(accepted);
      await sender.pump(); // as the poll does: the lost one comes back to a queue that was thought empty
      expect(await counts()).toMatchObject({ accepted: 30 });
    });
    expect(mailer.begun.length).toBe(31);
  });

  test("of all pauses, and gives back what has not begun", async () => {
    await queueIssue(30);
    const { sender, mailer, scheduled } = startSender();
    await sender.pump();
    await until(async () => expect(await counts()).toMatchObject({ marked: 2 * connections }));
    for (let i = 0; i < connections; i++) mailer.answer(lost);
    await sender.idle();
    expect(mailer.begun.length).toBe(connections);
    expect(await counts()).toEqual({ queued: 30, leased: 0, accepted: 0, marked: 0 });
    expect(scheduled.length).toBe(1);
  });
});

describe("a server that takes the text and hangs up", () => {
  const hungUp: Outcome = { state: "uncertain", reply: "ECONNECTION" };
  const uncertain = async () =>
    (await db.select().from(deliveries)).filter(({ state }) => state === "uncertain").length;

  test("each time gets no more than what is under way, and then one copy after each pause", async () => {
    await queueIssue(40);
    const { sender, mailer, scheduled, pass } = startSender();
    await sender.pump();
    await until(async () => {
      while (mailer.held.length > 0) mailer.answer(hungUp);
      expect(scheduled.length).toBe(1);
    });
    await sender.idle();
    expect(mailer.begun.length).toBeLessThan(2 * connections);
    const atFirst = await uncertain();
    for (let pause = 1; pause <= 2; pause++) {
      pass(10_000);
      await sender.pump();
      await until(() => expect(mailer.held.length).toBe(1));
      mailer.answer(hungUp);
      await sender.idle();
    }
    expect([scheduled.length, await uncertain()]).toEqual([3, atFirst + 2]);
    pass(10_000);
    await until(async () => {
      await sender.pump();
      while (mailer.held.length > 0) mailer.answer(accepted);
      expect(await counts()).toMatchObject({ queued: 0, accepted: 40 - atFirst - 2 });
    });
  });

  test("now and then rests nobody", async () => {
    await queueIssue(30);
    const { sender, mailer, scheduled } = startSender();
    await sender.pump();
    let answered = 0;
    await until(async () => {
      while (mailer.held.length > 0) mailer.answer(++answered % connections === 0 ? accepted : hungUp);
      await sender.pump();
      expect(await counts()).toMatchObject({ queued: 0, leased: 0 });
    });
    expect([scheduled, await uncertain()]).toEqual([[], 24]);
  });
});

test("a clean stop gives back what was claimed and has not begun, and what has begun ends", async () => {
  await queueIssue(30);
  const { sender, mailer } = startSender();
  await sender.pump();
  await until(async () => expect(await counts()).toMatchObject({ marked: 2 * connections }));
  const stopping = sender.stop();
  await until(async () => expect((await counts()).leased).toBe(connections));
  while (mailer.held.length > 0) mailer.answer(accepted);
  await stopping;
  expect(await counts()).toEqual({ queued: 25, leased: 0, accepted: 5, marked: 0 });
  const attempts = (await db.select().from(deliveries)).map((row) => row.attempts);
  expect(attempts.toSorted()).toEqual([...Array<number>(25).fill(0), ...Array<number>(5).fill(1)]);
});

test("a mark that has waited is renewed before the message goes out", async () => {
  await queueIssue(12);
  const { sender, mailer, pass } = startSender();
  await sender.pump();
  await until(async () => expect(await counts()).toMatchObject({ marked: 2 * connections }));
  await db.update(deliveries).set({ handingOverAt: new Date(0) });
  pass(6000);
  for (let i = 0; i < connections; i++) mailer.answer(accepted);
  await until(() => expect(mailer.begun.length).toBe(2 * connections));
  await until(async () => expect((await counts()).accepted).toBe(connections));
  const rows = await db.select().from(deliveries);
  const old = rows.filter(({ state, handingOverAt }) => state === "leased" && handingOverAt?.getTime() === 0);
  expect(old).toEqual([]);
});
