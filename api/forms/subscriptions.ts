/** What a person sends to read the newsletter. */
import { z } from "zod";
import { Carried, isTicked, MailAddress } from "./fields.ts";

export const SubscriptionForm = z.strictObject({
  email: MailAddress,
  consent: z
    .preprocess((value) => value ?? false, isTicked)
    .refine((ticked) => ticked, "読んだうえで、同意のチェックを入れてください。"),
  ...Carried,
});

export type SubscriptionForm = z.output<typeof SubscriptionForm>;
