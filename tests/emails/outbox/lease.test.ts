/** How long a message belongs to the sender that took it. */

import { sql } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { db } from "#db/client.ts";
import { deliveries } from "#db/schema/mail.ts";
import { claimBatch } from "#emails/outbox/outbox.ts";
import { enqueueNow } from "../fixtures.ts";

beforeEach(() => db.delete(deliveries));

/** As if this had been claimed so many seconds earlier. */
const pass = (seconds: number) =>
  db.execute(sql`update deliveries set leased_until = leased_until - make_interval(secs => ${seconds})`);

test("a lost sender's message is free again after a minute of the database's clock, and not before", async () => {
  await enqueueNow({ kind: "receipt" });
  const [first] = await claimBatch("transactional", 1);
  await pass(50);
  expect(await claimBatch("transactional", 1)).toEqual([]);
  await pass(10);
  expect((await claimBatch("transactional", 1)).map(({ id }) => id)).toEqual([first?.id]);
});
