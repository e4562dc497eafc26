/** When readers of the newsletter are forgotten: those who never confirmed, and those who left. */

import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { applyRetention } from "#api/privacy/retention.ts";
import { db } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import { deliveries, subscribers, subscriptions, suppressions } from "#db/schema/mail.ts";
import { addressIndex } from "#emails/addresses.ts";
import { confirmSubscription } from "#emails/lists/subscriptions.ts";
import { unsubscribe } from "#emails/lists/unsubscribe.ts";
import { deleteReaders, makeIssue, makeStaff } from "../../emails/fixtures.ts";
import { at, hanako, links, request, states } from "../../emails/lists/readers.ts";

beforeEach(deleteReaders);

const run = async (now: string) => (await applyRetention(new Date(now))).readers;

/** What stands of the one reader there is. */
const standing = async () => {
  const [row] = await db.select().from(subscribers);
  return [row?.wrappedKey, row?.email, row?.emailIndex].some((value) => value !== null);
};

/** An issue that reached the one reader at this moment. */
async function mailed(finishedAt: string, state: "accepted" | "uncertain" | "failed" = "accepted") {
  const [row] = await db.select().from(subscribers);
  const [id, issue] = [newId(), await makeIssue(await makeStaff())];
  const mail = { id, kind: "newsletter", lane: "bulk", messageId: id, newsletterId: issue } as const;
  await db.insert(deliveries).values({ ...mail, subscriberId: row?.id, state, finishedAt: new Date(finishedAt) });
}

/** The time for which mails are kept in the ledger counts from theirs, not from today's. */
const age = () => db.execute(sql`update deliveries set finished_at = queued_at where kind = 'confirmation'`);

describe("who never pressed the button", () => {
  test("is erased 14 days after the mail with it, not a minute before, with what they asked for", async () => {
    await request(["news", "events"]);
    expect(await run("2026-12-04T02:59:00Z")).toBe(0);
    expect(await standing()).toBe(true);
    expect(await run("2026-12-04T03:01:00Z")).toBe(1);
    expect(await standing()).toBe(false);
    expect(await states()).toEqual(["news: unsubscribed", "events: unsubscribed"]);
    const [erasure] = await db.execute<{ reason: string }>(
      sql`select reason from erasures order by erased_at desc limit 1`,
    );
    expect(erasure?.reason).toBe("retention");
    expect(await run("2026-12-04T03:02:00Z")).toBe(0);
  });

  test("and asked again gets 14 days from the later mail", async () => {
    await request(["news"]);
    await request(["events"], new Date("2026-11-30T03:00:00Z"));
    expect(await run("2026-12-14T02:59:00Z")).toBe(0);
    expect(await run("2026-12-14T03:01:00Z")).toBe(1);
  });

  test("but pressed leave instead is forgotten as soon; the address stays suppressed", async () => {
    await request(["news"]);
    await unsubscribe((await links()).stop, at("05:00"));
    expect(await run("2026-12-04T03:01:00Z")).toBe(1);
    expect(await standing()).toBe(false);
    const [row] = await db.select().from(suppressions);
    expect(row?.emailIndex.equals(addressIndex(hanako))).toBe(true);
  });
});

describe("who reads", () => {
  test("is kept however long it is", async () => {
    await request(["news", "events"]);
    const { confirm } = await links();
    await confirmSubscription(confirm("news"), at("04:00"));
    await db
      .update(subscriptions)
      .set({ state: "unsubscribed", unsubscribedAt: at("05:00") })
      .where(eq(subscriptions.id, (await db.select().from(subscriptions))[1]?.id ?? ""));
    expect(await run("2036-11-20T03:00:00Z")).toBe(0);
    expect(await standing()).toBe(true);
  });
});

describe("who left", () => {
  async function left() {
    await request(["news"]);
    const tokens = await links();
    await confirmSubscription(tokens.confirm("news"), at("04:00"));
    await age();
    return tokens;
  }

  test("is kept as proof three years after the last mail, then forgotten; what suppresses the address stays", async () => {
    const { stop } = await left();
    await mailed("2026-11-25T03:00:00Z");
    await mailed("2026-11-28T03:00:00Z", "failed");
    await unsubscribe(stop, new Date("2027-03-01T00:00:00Z"));
    expect(await run("2029-11-25T02:59:00Z")).toBe(0);
    expect(await run("2029-11-25T03:01:00Z")).toBe(1);
    expect(await standing()).toBe(false);
    const rows = await db.select().from(suppressions);
    expect(rows.map(({ reason, emailIndex }) => [reason, emailIndex.equals(addressIndex(hanako))])).toEqual([
      ["request", true],
    ]);
  });

  test("a mail of which nobody knows whether it came counts as one", async () => {
    const { stop } = await left();
    await mailed("2026-11-25T03:00:00Z");
    await mailed("2026-11-26T03:00:00Z", "uncertain");
    await unsubscribe(stop, new Date("2026-12-01T00:00:00Z"));
    expect(await run("2029-11-25T12:00:00Z")).toBe(0);
    expect(await run("2029-11-26T03:01:00Z")).toBe(1);
  });

  test("and asked anew without confirming is no stranger: the proof of what was sent is kept as long", async () => {
    const { stop } = await left();
    await mailed("2026-11-25T03:00:00Z");
    await unsubscribe(stop, new Date("2026-12-01T00:00:00Z"));
    await request(["news"], new Date("2026-12-10T03:00:00Z"));
    expect(await run("2027-06-01T00:00:00Z")).toBe(0);
    expect(await run("2029-11-25T03:01:00Z")).toBe(1);
  });
});
