/** What staff write down while somebody phones or stands at the door. */

import { z } from "zod";
import { mailAddress, requiredText, text } from "#api/forms/fields.ts";
import { callWishFields } from "#api/intake/forms.ts";
import { codes } from "#db/terms/codes.ts";
import { answerWay, consentAnswer, spokenChannel } from "#db/terms/leads.ts";
import { phoneIntakeWords as say } from "#db/words/staff/phone-intake.ts";
import { wordsIn } from "#db/words/words.ts";

const { errors } = wordsIn("ja");

const shared = {
  /** Which button was pressed; "take" also where a program names none. */
  do: z.enum(["take", "look", "draft"]).optional(),
  /** Hidden: when the page was opened, a minute in Asia/Tokyo. `beganAt` reads it; it is never an error. */
  began_at: z.string().max(40).optional().catch(undefined),
  lead_channel: z.enum(codes(spokenChannel), { error: say.channelWrong }).default("phone"),
  /** As it was typed, also what cannot be a number: a call is never turned away for it. */
  phone: text(60, errors.phoneLong).optional(),
  name: text(100, errors.nameLong).optional(),
  message: requiredText(10_000, say.messageLong, say.messageMissing),
  /** What somebody wishes of our calls, if it came up. */
  ...callWishFields(errors),
  heard: text(200, "200 文字までで入力してください。").optional(),
};

/** Lets a check across fields run even when other fields are wrong, so that all errors are shown at once. */
const isObject = ({ value }: { value: unknown }) => value !== null && typeof value === "object";

const isAddress = (address: string) => mailAddress(errors).safeParse(address).success;

/** A call that becomes a case. */
export const CallForm = z
  .strictObject({
    ...shared,
    answer: z.enum(codes(answerWay), { error: say.answerMissing }),
    /** Where `answer` is email; what stands in a box that is not shown is no error. */
    address: text(254, errors.emailLong).optional(),
    consent: z.enum(codes(consentAnswer), { error: say.consentMissing }),
  })
  .refine(({ answer, phone }) => answer !== "call_back" || phone !== undefined, {
    path: ["phone"],
    error: say.phoneForCallBack,
    when: isObject,
  })
  .refine(({ answer, address }) => answer !== "email" || address !== undefined, {
    path: ["address"],
    error: say.addressForEmail,
    when: isObject,
  })
  .refine(({ answer, address }) => answer !== "email" || address === undefined || isAddress(address), {
    path: ["address"],
    error: errors.emailShape,
    when: isObject,
  });

/** A call about a case that is open: nothing but its words is asked for, and what else was typed is kept with them. */
export const CallOnCaseForm = z.strictObject({
  ...shared,
  to_case: z.uuid(),
  answer: z.enum(codes(answerWay), { error: say.answerMissing }).optional(),
  address: text(254, errors.emailLong).optional(),
  consent: z.enum(codes(consentAnswer), { error: say.consentMissing }).optional(),
});

export type CallForm = z.output<typeof CallForm>;
export type CallOnCaseForm = z.output<typeof CallOnCaseForm>;
