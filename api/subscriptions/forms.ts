/** What people send to subscribe, to change which lists they receive, and to give a reason for unsubscribing. */

import { z } from "zod";
import { consentText, mustAgree, SharedFields, MailAddress } from "#api/forms/fields.ts";
import { codes } from "#db/terms/codes.ts";
import { unsubscribeReason } from "#db/terms/mail.ts";

const chooseOne = "受け取りたいお知らせを、一つ以上選んでください。";
const slug = z.string("お知らせの指定を確認してください。").max(60, "お知らせの指定を確認してください。");

/** Checkboxes of one name: a browser sends one as text, several as a list, and none not at all. */
const slugs = z.preprocess(
  (value) => (typeof value === "string" ? [value] : value),
  z.array(slug, chooseOne).max(50, "お知らせの指定を確認してください。"),
);

const subscriberFields = {
  email: MailAddress,
  consent: mustAgree(),
  consent_text: consentText,
  ...SharedFields,
};

/** The form of our own page, where nothing is ticked beforehand. */
export const SubscriptionPageForm = z.strictObject({
  lists: slugs.refine((chosen) => chosen.length > 0, chooseOne),
  ...subscriberFields,
});

/** What programs send; without a list it means the newsletter itself. */
export const SubscriptionForm = z.strictObject({
  lists: slugs
    .refine((chosen) => chosen.length > 0, chooseOne)
    .default(["news"])
    .meta({
      type: "array",
      items: { type: "string" },
      minItems: 1,
      description: "Slugs of the lists to read: news, events, professionals. Left out, it means news.",
    }),
  ...subscriberFields,
});

export type SubscriptionForm = z.output<typeof SubscriptionForm>;

/** No list ticked means unsubscribing. */
export const PreferencesForm = z.strictObject({ lists: slugs.default([]), consent_text: consentText });

export const ReasonForm = z.strictObject({
  reason: z.enum(codes(unsubscribeReason), {
    error: "どれか一つを選んでください。答えたくないときは、このままページを閉じてください。",
  }),
});
