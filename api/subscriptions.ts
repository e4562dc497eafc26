/** Subscribing through our own forms: an allowance for the network, a lead for the reports, the double opt-in. */
import { sql } from "drizzle-orm";
import { clickIdOf } from "#analytics/clicks.ts";
import { db, type Executor } from "#db/client.ts";
import { env } from "#db/env.ts";
import { TooMany } from "#db/errors.ts";
import { leads, rateWindows } from "#db/schema/leads.ts";
import { blindIndex } from "#db/vault.ts";
import { consentSentence, requestSubscription } from "#emails/subscriptions.ts";
import { wakeSenders } from "#emails/wake.ts";
import type { SubscriptionForm } from "./forms/subscriptions.ts";
import type { Arrival } from "./leads.ts";

/**
 * Takes a wish to read the newsletter. Ends the same whether or not the address was known, so that
 * nobody can learn who reads it. Throws TooMany beyond the allowance.
 */
export async function subscribe(form: SubscriptionForm, arrival: Omit<Arrival, "key">): Promise<void> {
  await db.transaction(async (tx) => {
    await count(tx, arrival);
    const path = arrival.channel === "form" ? "/newsletter" : "/api/subscriptions";
    const { email } = form;
    const sent = await requestSubscription(tx, { email, form: path, consent: consentSentence, now: arrival.now });
    if (sent === undefined) return;
    const clickId = clickIdOf(form.c);
    await tx.insert(leads).values({
      kind: "subscription",
      channel: arrival.channel,
      receivedAt: arrival.now,
      locale: form.locale,
      clickId: clickId === undefined ? null : sql`(select id from clicks where id = ${clickId})`,
      suspicion: form.website === undefined ? 0 : 2,
    });
  });
  wakeSenders();
}

async function count(tx: Executor, { network, now }: Omit<Arrival, "key">): Promise<void> {
  const minute = Math.floor(now.getTime() / 60_000);
  const [row] = await tx
    .insert(rateWindows)
    .values({ network: blindIndex("network", network), scope: "subscription", minute, count: 1 })
    .onConflictDoUpdate({
      target: [rateWindows.network, rateWindows.scope, rateWindows.minute],
      set: { count: sql`${rateWindows.count} + 1` },
    })
    .returning({ count: rateWindows.count });
  if ((row?.count ?? 0) > env.INTAKE_PER_MINUTE) throw new TooMany(60 - now.getUTCSeconds());
}
