/** Subscribing through a form: the rate limit of the network, a lead for the reports, the double opt-in. */

import { sql } from "drizzle-orm";
import { clickIdOf } from "#analytics/clicks/token.ts";
import { countAgainstLimit } from "#api/forms/rate-limit.ts";
import type { RequestOrigin } from "#api/forms/request-origin.ts";
import { transaction } from "#db/client.ts";
import { agreedWords } from "#db/consents/versions.ts";
import { leads } from "#db/schema/leads.ts";
import { reviewThreshold } from "#db/terms/consultation.ts";
import { requestSubscription } from "#emails/lists/subscriptions.ts";
import type { SubscriptionForm } from "./forms.ts";

/**
 * Requests a subscription to some lists. The result and the SQL statements are the same whether or not
 * the address was known, so that nobody can find out who subscribes to what. Throws Invalid for a list that
 * does not exist, TooMany above the rate limit.
 */
export async function subscribe(form: SubscriptionForm, origin: RequestOrigin): Promise<void> {
  const clickId = clickIdOf(origin.clickToken);
  const consent = await agreedWords("newsletter", form.locale, { version: form.consent_text, now: origin.now });
  await transaction(async (tx) => {
    await countAgainstLimit(tx, "subscription", origin);
    await requestSubscription(tx, {
      email: form.email,
      lists: form.lists,
      form: origin.channel === "form" ? "/newsletter" : "/api/subscriptions",
      consent,
      locale: form.locale,
      now: origin.now,
    });
    await tx.insert(leads).values({
      kind: "subscription",
      channel: origin.channel,
      receivedAt: origin.now,
      locale: form.locale,
      clickId: clickId === undefined ? null : sql`(select id from clicks where id = ${clickId})`,
      spamScore: form.website === undefined ? 0 : reviewThreshold,
    });
  });
}
