/** A reader of whom staff are asked, and the mails to them. */

import { eq } from "drizzle-orm";
import { db } from "#db/client.ts";
import { deliveries } from "#db/schema/mail.ts";
import { confirmSubscription } from "#emails/lists/subscriptions.ts";
import { at, links, request } from "../lists/readers.ts";

/** Somebody who asked for these lists and confirmed them; returns the links of their mails. */
export async function reader(...slugs: string[]) {
  await request(slugs);
  const tokens = await links();
  await confirmSubscription(tokens.confirm(slugs[0] ?? ""), at("04:00"));
  return tokens;
}

/** "kind state" of each mail to them. */
export const mailsOf = async (subscriberId: string) =>
  (await db.select().from(deliveries).where(eq(deliveries.subscriberId, subscriberId))).map(
    ({ kind, state }) => `${kind} ${state}`,
  );
