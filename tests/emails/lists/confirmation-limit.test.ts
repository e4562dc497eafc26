/** One confirmation mail a day to an address, and nothing that was asked for lost or confirmed unasked. */

import { eq } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { db } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import { deliveries, subscribers } from "#db/schema/mail.ts";
import { confirmSubscription, describeConfirmation } from "#emails/lists/subscriptions.ts";
import { unsubscribe } from "#emails/lists/unsubscribe.ts";
import { compose } from "#emails/outbox/compose.ts";
import { deleteReaders } from "../fixtures.ts";
import { at, hanako, links, request, states } from "./readers.ts";

const start = at("03:00");
const hours = (count: number) => new Date(start.getTime() + count * 3_600_000);

beforeEach(deleteReaders);

/** When each mail leaves, in hours from the first request; those that leave at once are due now. */
async function mails() {
  const rows = await db.select().from(deliveries).where(eq(deliveries.state, "queued")).orderBy(deliveries.id);
  return rows.map(({ dueAt, queuedAt }) =>
    dueAt.getTime() === queuedAt.getTime() ? "at once" : (dueAt.getTime() - start.getTime()) / 3_600_000,
  );
}

/** Names of the lists in the mail, composed as if it left now. */
async function lists() {
  const { subscriberId } = await links();
  const claimed = { id: newId(), kind: "confirmation", lane: "transactional", messageId: "", attempts: 1 } as const;
  const message = await compose({ ...claimed, repeated: false, subscriberId });
  return typeof message === "string"
    ? message
    : [...message.text.matchAll(/「([^」]+)」(?=.*お申し込み)/gu)].map(([, name]) => name);
}

test("across lists too: what is asked for later the same day waits for the next mail, which names all", async () => {
  await request(["news"], start);
  await request(["events"], hours(1));
  await request(["professionals"], hours(2));
  await request(["news", "events", "professionals"], hours(3));
  expect(await mails()).toEqual(["at once", 24]);
  expect(await states()).toEqual(["news: pending", "events: pending", "professionals: pending"]);
  expect(await lists()).toEqual(["メールマガジン", "催しのお知らせ", "学校・医療・福祉の方へ"]);
});

test("twenty requests at once for three lists are one mail now and at most one tomorrow", async () => {
  const asked = Array.from({ length: 20 }, (_, i) =>
    request([["news", "events", "professionals"][i % 3] ?? ""], start),
  );
  await Promise.all(asked);
  expect(await mails()).toEqual(["at once", 24]);
});

test("no two of them leave within a day, whenever somebody asks", async () => {
  const leaving = new Set<number>();
  for (const hour of [0, 1, 23, 25, 26, 49, 60, 74]) {
    await request([["news", "events", "professionals"][hour % 3] ?? ""], hours(hour));
    const [row] = await db.select().from(subscribers);
    leaving.add(((row?.confirmationMailAt?.getTime() ?? 0) - start.getTime()) / 3_600_000);
  }
  expect([...leaving]).toEqual([0, 24, 49, 74]);
  expect(await mails()).toEqual(["at once", 24, "at once", "at once"]);
});

test("the first link confirms only what was asked for before it was made, whatever is asked again since", async () => {
  await request(["news"], start);
  await request(["events"], hours(1));
  await request(["news"], hours(49));
  const { confirm } = await links();
  expect((await describeConfirmation(confirm("news"), hours(50))).lists.map(({ slug }) => slug)).toEqual(["news"]);
  await confirmSubscription(confirm("news"), hours(50));
  expect(await states()).toEqual(["news: confirmed", "events: pending"]);
  await confirmSubscription(confirm("events"), hours(24 + 7 * 24 - 1));
  expect(await states()).toEqual(["news: confirmed", "events: confirmed"]);
});

test("a mail for tomorrow finds nothing left to ask when all was confirmed or stopped meanwhile", async () => {
  await request(["news"], start);
  await request(["events"], hours(1));
  const { confirm, stop } = await links();
  await confirmSubscription(confirm("events"), hours(2));
  expect(await lists()).toBe("cancelled");
  await unsubscribe(stop, hours(3));
  expect(await lists()).toBe("cancelled");
});

test("somebody who left and comes back the same day is asked the next", async () => {
  await request(["news"], start);
  const { confirm, stop } = await links();
  await confirmSubscription(confirm("news"), hours(1));
  await unsubscribe(stop, hours(2));
  await request(["news"], hours(3), hanako.toUpperCase());
  expect([await states(), await mails()]).toEqual([["news: pending"], ["at once", 24]]);
});
