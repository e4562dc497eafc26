/** The sender's steps one by one, with a clock that the test moves and a mail server whose answers it chooses. */

import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, inject, test } from "vitest";
import { connect, connectAsOwner, db, disconnect } from "#db/client.ts";
import { siblingUrl } from "#db/cluster/cluster.ts";
import { deliveries } from "#db/schema/mail.ts";
import { compose } from "#emails/outbox/compose.ts";
import { claimBatch, type Claimed, defaultDelays } from "#emails/outbox/outbox.ts";
import { attempt } from "#emails/sender/attempt.ts";
import { Sender, type SenderClock, type SenderParts } from "#emails/sender/sender.ts";
import type { OutgoingMail } from "#emails/smtp/mailer.ts";
import type { Outcome } from "#emails/smtp/outcome.ts";
import { queueReceipts } from "../fixtures.ts";

beforeEach(() => db.delete(deliveries));

/** Moves only by `advance`, which calls back what is due by then. */
function manualClock(sleep: SenderClock["sleep"]) {
  let time = 0;
  let scheduled: { at: number; callback: () => void }[] = [];
  return {
    now: () => time,
    schedule: (callback: () => void, ms: number) => void scheduled.push({ at: time + ms, callback }),
    sleep,
    /** When each callback is due, in milliseconds from the beginning. */
    due: () => scheduled.map(({ at }) => at),
    advance: (ms: number) => {
      time += ms;
      const now = scheduled.filter(({ at }) => at <= time);
      scheduled = scheduled.filter(({ at }) => at > time);
      for (const { callback } of now) callback();
    },
  };
}

/** A mail server that gives every message the same outcome. */
function scriptedMailer(outcome: Outcome) {
  const attempted: string[] = [];
  return {
    outcome,
    /** Ids of the deliveries it was offered, in order. */
    attempted,
    send(message: OutgoingMail) {
      attempted.push(message.deliveryId);
      return Promise.resolve(this.outcome);
    },
    close: () => {},
  };
}

/** A rate limit of this process alone. */
function countedLimit(left: number) {
  return {
    left,
    take(wanted: number) {
      const granted = Math.min(wanted, this.left);
      this.left -= granted;
      return Promise.resolve(granted);
    },
    refund(unused: number) {
      this.left += unused;
      return Promise.resolve();
    },
  };
}

const accepted: Outcome = { state: "accepted", reply: "250 2.0.0" };
const unreachable: Outcome = { state: "unreachable", reply: "ESOCKET" };

interface Setting extends Partial<Pick<SenderParts, "compose" | "connections">> {
  outcome?: Outcome;
  /** What the rate limit still grants. */
  left?: number;
  sleep?: SenderClock["sleep"];
}

function makeSender({ outcome = accepted, left = 100, sleep = async () => {}, ...over }: Setting = {}) {
  const mailer = scriptedMailer(outcome);
  const rateLimit = countedLimit(left);
  const clock = manualClock(sleep);
  const timing = { delays: defaultDelays, pausesMs: [1000, 5000] };
  const sender = new Sender({ mailer, rateLimit, clock, compose, connections: 3, ...timing, ...over });
  return { sender, mailer, rateLimit, clock };
}

async function claimOne(): Promise<Claimed> {
  await queueReceipts(1);
  const [claimed] = await claimBatch("transactional", 1);
  if (!claimed) throw new Error("nothing to claim");
  return claimed;
}

async function states() {
  const rows = await db.select().from(deliveries).orderBy(deliveries.id);
  return rows.map(({ state }) => state);
}

/** Looks for work and does all of it that can be done now. */
async function work(sender: Sender) {
  await sender.pump();
  await sender.idle();
}

/** Runs with a database that refuses every connection; `reconnect` brings the real one back. */
async function withoutDatabase(run: (reconnect: () => Promise<void>) => Promise<void>) {
  const [row] = await db.execute<{ name: string }>(sql`select current_database() as name`);
  let isBack = false;
  const reconnect = async () => {
    if (isBack) return;
    isBack = true;
    await disconnect();
    connect(siblingUrl(inject("clusterUrl"), row?.name ?? ""));
  };
  await disconnect();
  connect("postgres://nobody:nothing@127.0.0.1:9/unreachable");
  try {
    await run(reconnect);
  } finally {
    await reconnect();
  }
}

/** Runs with a database in which no message may become like this. */
async function refusing(rows: string, run: () => Promise<void>) {
  const owner = connectAsOwner();
  try {
    await owner.execute(sql.raw(`alter table deliveries add constraint refusing check (not (${rows})) not valid`));
    await run();
  } finally {
    await owner.execute(sql`alter table deliveries drop constraint if exists refusing`);
    await disconnect(owner);
  }
}

describe("while the mail server cannot be reached", () => {
  test("nothing is sent during a pause, then one message probes it, then all connections are used again", async () => {
    const ids = await queueReceipts(5);
    const { sender, clock, mailer } = makeSender({ outcome: unreachable });
    await work(sender);
    expect(mailer.attempted.length).toBe(3);
    const [due = 0, ...others] = clock.due();
    expect([due >= 800, due <= 1200, others]).toEqual([true, true, []]);

    await work(sender);
    expect(mailer.attempted.length).toBe(3);

    clock.advance(due);
    await work(sender);
    expect(mailer.attempted.length).toBe(4);
    const [next = 0] = clock.due();
    expect([next - due >= 4000, next - due <= 6000]).toEqual([true, true]);

    mailer.outcome = accepted;
    clock.advance(next - due);
    await work(sender);
    expect(await states()).toEqual(ids.map(() => "accepted"));
  });

  test("the pause is counted from the beginning again once it has answered", async () => {
    await queueReceipts(1);
    const { sender, clock, mailer } = makeSender({ outcome: unreachable, connections: 1 });
    await work(sender);
    clock.advance(1200);
    mailer.outcome = { state: "failed", reply: "550" };
    await work(sender);
    await queueReceipts(1);
    mailer.outcome = unreachable;
    await work(sender);
    const [due = 0] = clock.due();
    expect([due - 1200 >= 800, due - 1200 <= 1200]).toEqual([true, true]);
  });
});

describe("the rate limit", () => {
  test("what was taken and not used is refunded", async () => {
    await queueReceipts(1);
    const { sender, rateLimit } = makeSender({ left: 10 });
    await work(sender);
    expect([await states(), rateLimit.left]).toEqual([["accepted"], 9]);
  });

  test("used up, nothing is claimed, and the sender looks again half a second later", async () => {
    await queueReceipts(2);
    const { sender, clock } = makeSender({ left: 0 });
    await sender.pump();
    expect([await states(), clock.due()]).toEqual([["queued", "queued"], [500]]);
  });
});

describe("one attempt", () => {
  test.each(["suppressed", "cancelled"] as const)(
    "of a message that is %s does not reach the server",
    async (reason) => {
      const mailer = scriptedMailer(accepted);
      expect(await attempt(await claimOne(), { mailer, compose: async () => reason })).toEqual({ state: reason });
      expect(mailer.attempted).toEqual([]);
    },
  );

  test.each([
    ["a lost connection", "CONNECTION_CLOSED", "unreachable"],
    ["a server that shuts down", "57P01", "unreachable"],
    ["too many connections", "53300", "unreachable"],
    ["a sealed text that does not open", undefined, "retry"],
    ["a failed constraint", "23505", "retry"],
  ] as const)("in which %s keeps the message from being composed", async (_name, code, state) => {
    const failing = () => Promise.reject(Object.assign(new Error("words of a family"), { code }));
    const parts = { mailer: scriptedMailer(accepted), compose: failing };
    expect(await attempt(await claimOne(), parts)).toEqual({ state, reply: "not composed" });
  });
});

test("a message that another sender has claimed since is not handed over", async () => {
  const late = await claimOne();
  await db.update(deliveries).set({ leasedUntil: new Date(0) });
  await claimBatch("transactional", 1);
  const mailer = scriptedMailer(accepted);
  expect(await attempt(late, { mailer, compose })).toBeUndefined();
  expect(mailer.attempted).toEqual([]);
});

describe("settling", () => {
  test("is tried until the outcome is written, less and less often", async () => {
    const claimed = await claimOne();
    const waits: number[] = [];
    await withoutDatabase(async (reconnect) => {
      const sleep = async (ms: number) => {
        waits.push(ms);
        if (waits.length === 7) await reconnect();
      };
      const { sender } = makeSender({ sleep });
      await sender.settle(claimed, accepted);
    });
    expect(waits).toEqual([50, 100, 200, 400, 800, 1600, 2000]);
    expect(await states()).toEqual(["accepted"]);
  });

  test("of many that ended meanwhile goes in one statement, and is tried again as a whole", async () => {
    await queueReceipts(4);
    const claimed = await claimBatch("transactional", 4);
    const waits: number[] = [];
    await withoutDatabase(async (reconnect) => {
      const sleep = async (ms: number) => {
        waits.push(ms);
        if (waits.length === 2) await reconnect();
      };
      const { sender } = makeSender({ sleep });
      await Promise.all(claimed.map((one) => sender.settle(one, accepted)));
    });
    expect(waits).toEqual([50, 100]);
    expect(await states()).toEqual(claimed.map(() => "accepted"));
  });

  test("that the database refuses holds up no other, and is left after some tries", async () => {
    await queueReceipts(3);
    const claimed = await claimBatch("transactional", 3);
    const [refused] = claimed;
    await refusing(`id = '${refused?.id}' and state = 'accepted'`, async () => {
      const { sender } = makeSender();
      await Promise.all(claimed.map((one) => sender.settle(one, accepted)));
    });
    const rows = await db.select().from(deliveries);
    expect(rows.filter(({ state }) => state === "leased").map(({ id }) => id)).toEqual([refused?.id]);
    expect(rows.filter(({ state }) => state === "accepted")).toHaveLength(2);
  });

  test("is given up by a sender that was stopped, and the lease stays for the next one", async () => {
    const claimed = await claimOne();
    await withoutDatabase(async () => {
      const { sender } = makeSender();
      await sender.stop();
      await sender.settle(claimed, accepted);
    });
    expect(await states()).toEqual(["leased"]);
  });
});

test("a sender that was stopped claims nothing more", async () => {
  const ids = await queueReceipts(2);
  const { sender } = makeSender();
  await sender.stop();
  await work(sender);
  expect(await states()).toEqual(ids.map(() => "queued"));
});

test("work that is announced while the sender looks for some is looked for by it, too", async () => {
  const { sender, rateLimit } = makeSender();
  let isAnnounced = false;
  // Given back once both lanes were found empty.
  rateLimit.refund = async () => {
    if (isAnnounced) return;
    isAnnounced = true;
    await queueReceipts(1);
    void sender.pump();
  };
  await work(sender);
  expect(await states()).toEqual(["accepted"]);
});
