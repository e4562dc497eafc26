/** One rule of who an issue goes to: the number on the button, the readers' page and what is queued. */

import { eq } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { db } from "#db/client.ts";
import { deliveries, suppressions } from "#db/schema/mail.ts";
import { addressIndex } from "#emails/addresses.ts";
import { countReaders, viewReadership } from "#emails/lists/lists.ts";
import { viewLists } from "#emails/newsletters/newsletters.ts";
import { sendNewsletterCommand } from "#emails/newsletters/send.ts";
import { deleteReaders, listNamed, makeIssue, makeStaff, makeSubscriber } from "./fixtures.ts";

beforeEach(deleteReaders);

test.each(["bounce", "complaint", "request"] as const)(
  "somebody suppressed (%s) is in none of the numbers, and gets no row of the ledger",
  async (reason) => {
    const writer = await makeStaff("fundraiser");
    const { subscriberId } = await makeSubscriber("reads@example.jp");
    await makeSubscriber("barred@example.jp");
    await makeSubscriber("asked@example.jp", "pending");
    await makeSubscriber("left@example.jp", "unsubscribed");
    await db.insert(suppressions).values({ emailIndex: addressIndex("barred@example.jp"), reason });
    expect(await countReaders(await listNamed("news"))).toBe(1);
    expect((await viewLists(writer))[0]?.readers).toBe(1);
    expect((await viewReadership(writer)).lists[0]).toMatchObject({ readers: 1, held: 1, waiting: 1, left: 1 });
    const id = await makeIssue(writer);
    expect((await sendNewsletterCommand(id)).audience).toBe(1);
    const queued = await db.select().from(deliveries).where(eq(deliveries.newsletterId, id));
    expect(queued.map((row) => row.subscriberId)).toEqual([subscriberId]);
  },
);
