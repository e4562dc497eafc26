/** What staff send to correct how a family is reached. */

import { z } from "zod";
import { isTicked, MailAddress, text, version } from "#api/forms/fields.ts";
import { callWishFields, phoneNumber } from "#api/intake/forms.ts";
import { codes } from "#db/terms/codes.ts";
import { replyBy } from "#db/terms/consultation.ts";
import { wordsIn } from "#db/words/words.ts";

const say = wordsIn("ja").errors;

/** The whole contact as it is from now on; a field that is left out is empty from now on. */
export const ContactForm = z
  .strictObject({
    email: MailAddress.optional(),
    phone: phoneNumber(say).optional(),
    name: text(100, say.nameLong).optional(),
    /** As the family wishes. */
    reply_by: z.enum(codes(replyBy), { error: say.replyByMissing }),
    ...callWishFields(say),
    version,
    /** The refused mail is sent again to the address above. */
    resend: isTicked.default(false),
  })
  .refine(({ email, reply_by, resend }) => email !== undefined || (reply_by !== "email" && !resend), {
    path: ["email"],
    error: "メールを送るには、アドレスを入力してください。",
  })
  .refine(({ phone, reply_by }) => phone !== undefined || reply_by !== "phone", {
    path: ["phone"],
    error: say.phoneForReply,
  });

export type ContactForm = z.output<typeof ContactForm>;
