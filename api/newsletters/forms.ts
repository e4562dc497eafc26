/** What staff send to write, save, send and correct a newsletter, and to decide about its messages. */

import { z } from "zod";
import { isTicked, MailAddress, requiredText, text, tokyoMinute, version } from "#api/forms/fields.ts";
import { trimBlanks } from "#db/formats/blanks.ts";
import { writingWords } from "#db/words/staff/newsletter-writing.ts";
import { staffNewsletterWords } from "#db/words/staff/newsletters.ts";

const { refused } = staffNewsletterWords;

/** One line: a line break would end the header field of the mail. Full-width blanks stay as they were typed. */
const asLine = (value: string) => trimBlanks(value.replace(/[\t\n\r ]+/gu, " "));
const line = (max: number, tooLong: string) => text(max, tooLong).transform(asLine);

const subject = line(200, "件名は 200 文字までで入力してください。");
const tooLong = "本文は 20,000 文字までで入力してください。";

const draftFields = {
  /** A draft may be saved unfinished; it is neither tested nor sent so. */
  subject: z.preprocess((value) => value ?? "", subject),
  preheader: line(200, "前書きは 200 文字までで入力してください。").optional(),
  /** A checkbox: absent where it is not ticked. */
  shows_subject: isTicked.default(false),
  body: z.preprocess((value) => value ?? "", text(20_000, tooLong)),
  /** Slug of the list it goes to. */
  list: text(60, "配信先を選び直してください。").optional(),
  /** Where the button leads once the draft is saved. */
  press: z.enum(["save", "test", "preview", "insert", "send", "duplicate"]).default("save"),
};

/** Something of a new draft is written: an empty one, from Back and another press, would only stand in the list. */
export const NewDraft = z
  .strictObject(draftFields)
  .refine(({ subject, preheader = "", body }) => `${subject}${preheader}${body}`.trim() !== "", {
    path: ["subject"],
    error: "件名か本文を書いてから、保存してください。",
  });

export const SavedDraft = z.strictObject({ ...draftFields, version });

/** When an issue is sent, and whether its copy goes on the web. */
export const SendForm = z
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

/** As many as the person saw. */
export const CountForm = z.strictObject({ count: z.coerce.number().int().positive() });

export const CorrectedCopy = z.strictObject({
  subject: z.preprocess(
    (value) => value ?? "",
    subject.refine((value) => value !== "", "件名を入力してください。"),
  ),
  body: requiredText(20_000, tooLong, "本文を入力してください。"),
  version,
});

export type Press = z.output<typeof NewDraft>["press"];

/** A form's draft as the domain takes it. */
export const draftOf = ({ subject, preheader, shows_subject, body, list }: z.output<typeof NewDraft>) => ({
  ...{ subject, preheader, body, list },
  showsSubject: shows_subject,
});

export const IssueVersionForm = z.strictObject({ version });

/** What can be put into an issue; the last part of the address that each one's form posts to. */
export const BlockName = z.enum(["picture", "button", "guide", "divider"]);

/** Where a block goes and what is in it; each block uses its own of the fields. */
export const InsertForm = z.strictObject({
  version,
  /** Lines of the text before it. */
  line: z.coerce.number({ error: "入れる場所を選んでください。" }).int().min(0).max(20_000),
  file: z.instanceof(File).optional(),
  alt: line(200, "画像の言葉は 200 文字までで入力してください。").default(""),
  words: line(60, "ボタンの言葉は 60 文字までで入力してください。").default(""),
  link: line(1000, "アドレスは 1,000 文字までで入力してください。")
    .transform((link) => link.trim())
    .default(""),
  guide: text(100, writingWords.noGuideChosen).default(""),
});

export const ListForm = z.strictObject({
  name: requiredText(60, "名前は 60 文字までで入力してください。", "名前を入力してください。").transform(asLine),
  description: line(200, "説明は 200 文字までで入力してください。").default(""),
  reply_to: z.preprocess((value) => (value === "" ? undefined : value), MailAddress.optional()),
  is_public: isTicked.default(false),
  /** What the form showed, by which a change in between is noticed. */
  shown: text(64, "画面を開き直してください。"),
});
