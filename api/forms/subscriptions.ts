/** What a person sends to read the newsletter. */
import { z } from "zod";
import { agreed, Carried, MailAddress } from "./fields.ts";

export const SubscriptionForm = z.strictObject({
  email: MailAddress,
  consent: agreed(),
  ...Carried,
});

export type SubscriptionForm = z.output<typeof SubscriptionForm>;
