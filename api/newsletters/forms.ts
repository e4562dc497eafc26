/** What staff send to write, save, send and correct a newsletter, and to decide about its messages. */

import { z } from "zod";
import { isTicked, requiredText, text, tokyoMinute, version } from "#api/forms/fields.ts";
import { staffNewsletterWords } from "#db/words/staff/newsletters.ts";

const { refused } = staffNewsletterWords;

/** One line: a line break would end the header field of the mail. */
const subject = text(200, "件名は 200 文字までで入力してください。")
  .transform((value) => value.replace(/\s+/gu, " ").trim())
  .refine((value) => value !== "", "件名を入力してください。");

const tooLong = "本文は 20,000 文字までで入力してください。";
const body = text(20_000, tooLong);

const draftFields = {
  subject: z.preprocess((value) => value ?? "", subject),
  /** May be empty in a draft; an empty one is not sent. */
  body: z.preprocess((value) => value ?? "", body),
  /** Slug of the list it goes to. */
  list: text(60, "配信先を選び直してください。").optional(),
};

export const NewDraft = z.strictObject(draftFields);

export const SavedDraft = z.strictObject({ ...draftFields, version });

/** When an issue is sent, and whether its copy goes on the web. */
export const Sending = z
  .strictObject({
    version,
    when: z.enum(["now", "later"], { error: refused.when }),
    at: z.string({ error: refused.at }).default(""),
    web: isTicked.default(false),
  })
  // Somebody who typed a time does not mean "now".
  .refine(({ when, at }) => when === "later" || at === "", { path: ["when"], error: refused.nowWithTime })
  .transform(({ when, at, web, ...rest }) => ({ ...rest, isForWeb: web, ...(when === "later" && { at }) }))
  .pipe(z.object({ version: z.number(), isForWeb: z.boolean(), at: tokyoMinute(refused.at).optional() }));

/** One message, or all of as many as the person saw. */
export const Decision = z
  .strictObject({ delivery: z.uuid(refused.choose).optional(), count: z.coerce.number().int().positive().optional() })
  .transform(({ delivery, count }, context) => {
    if (delivery !== undefined) return { delivery };
    if (count !== undefined) return { count };
    context.addIssue({ code: "custom", path: ["delivery"], message: refused.choose });
    return z.NEVER;
  });

export const CorrectedCopy = z.strictObject({
  subject: z.preprocess((value) => value ?? "", subject),
  body: requiredText(20_000, tooLong, "本文を入力してください。"),
  version,
});
