/** What people send to subscribe, to change which lists they receive, and to give a reason for unsubscribing. */

import { z } from "zod";
import { consentText, type ErrorWords, inEach, mailAddress, mustAgree, sharedFields } from "#api/forms/fields.ts";
import { codes } from "#db/terms/codes.ts";
import { locale } from "#db/terms/locale.ts";
import { unsubscribeReason } from "#db/terms/mail.ts";

/** Checkboxes of one name: a browser sends one as text, several as a list, and none not at all. */
const slugs = (say: ErrorWords) =>
  z.preprocess(
    (value) => (typeof value === "string" ? [value] : value),
    z.array(z.string(say.lists).max(60, say.lists), say.listsMissing).max(50, say.lists),
  );

const chosen = (say: ErrorWords) => slugs(say).refine((lists) => lists.length > 0, say.listsMissing);

const subscriberFields = (say: ErrorWords) => ({
  email: mailAddress(say),
  consent: mustAgree(say),
  consent_text: consentText,
  ...sharedFields(say),
});

/** The form of our own page, where nothing is ticked beforehand. */
export const subscriptionPageForms = inEach((say) => z.strictObject({ lists: chosen(say), ...subscriberFields(say) }));

/** What programs send; without a list it means the newsletter itself. */
export const subscriptionForms = inEach((say) =>
  z.strictObject({
    lists: chosen(say)
      .default(["news"])
      .meta({
        type: "array",
        items: { type: "string" },
        minItems: 1,
        description: "Slugs of the lists to read: news, events, professionals. Left out, it means news.",
      }),
    ...subscriberFields(say),
  }),
);

export const SubscriptionForm = subscriptionForms.ja;

export type SubscriptionForm = z.output<typeof SubscriptionForm>;

const language = (say: ErrorWords) => z.enum(codes(locale), { error: say.locale }).default("ja");

/** No list ticked means unsubscribing. */
export const preferencesForms = inEach((say) =>
  z.strictObject({ lists: slugs(say).default([]), consent_text: consentText, locale: language(say) }),
);

export const reasonForms = inEach((say) =>
  z.strictObject({
    reason: z.enum(codes(unsubscribeReason), { error: say.reasonMissing }),
    locale: language(say),
  }),
);
