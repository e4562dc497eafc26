/** What staff and those who are asked send about consent to publication. */

import { z } from "zod";
import { inEach, isTicked, requiredText, text } from "#api/forms/fields.ts";
import { dayOf, isDay } from "#db/calendar/days.ts";
import { codes } from "#db/terms/codes.ts";
import { approvalChannel, type ApprovalChannel, contentKind } from "#db/terms/content.ts";
import { locale } from "#db/terms/locale.ts";
import { approvalWords } from "#db/words/staff/approvals.ts";
import { wordsIn } from "#db/words/words.ts";
import { faultOfLastDay, yearsAfter } from "./record.ts";

const number = z.coerce.number({ error: approvalWords.reload }).int().positive();

/** Ticked boxes: a browser sends one as a text, several as a list, none not at all. */
const channels = z
  .union([z.array(z.string()), z.string().transform((one) => [one])])
  .default([])
  .transform((chosen) => codes(approvalChannel).filter((code) => chosen.includes(code)));

/** Number of the revision that a staff form is about. */
const revision = { no: number };

export const PaperForm = z.strictObject({
  ...revision,
  reference: requiredText(120, approvalWords.referenceLong, approvalWords.reference),
  given_by: requiredText(100, approvalWords.nameLong, approvalWords.givenBy),
  given_on: z.string({ error: approvalWords.day }).refine(isDay, approvalWords.day),
  until: z.string({ error: approvalWords.day }).refine(isDay, approvalWords.day),
  channels: channels.refine((chosen) => chosen.includes("site"), approvalWords.noSite),
  /** The paper names the picture as well. */
  with_picture: isTicked.default(false),
});

export const TranslationForm = z.strictObject({
  ...revision,
  source_locale: z.enum(codes(locale), { error: approvalWords.reload }),
  source_no: number,
});

export const UseForm = z.strictObject({
  kind: z.enum(codes(contentKind), { error: approvalWords.reload }),
  entry: z.uuid({ error: approvalWords.reload }),
  place: requiredText(200, approvalWords.placeLong, approvalWords.place),
  used_on: z.string({ error: approvalWords.day }).refine(isDay, approvalWords.day),
});

export const LinkForm = z.strictObject({
  ...revision,
  purpose: z.enum(["approve", "look"], { error: approvalWords.purpose }),
});

/** What whoever was asked sends with 「この文章で掲載してよい」, in each language; `until` comes out as a day. */
export const ApproveForm = inEach((_say, language) => {
  const { errors } = wordsIn(language).preview;
  return z
    .strictObject({
      years: z.enum(["1", "3", "5", "day"], { error: errors.until }),
      day: text(10, errors.dayShape).default(""),
      channels: channels.refine((chosen) => chosen.includes("site"), errors.site),
      name: requiredText(100, errors.nameLong, errors.name),
      /** Id of the picture that the page showed. */
      picture: z.string().max(60).default(""),
      locale: z.enum(codes(locale)).optional(),
      key: z.string().max(200).optional(),
    })
    .transform(({ years, day, channels: chosen, name, picture }, context) => {
      const today = dayOf(new Date());
      const until = years === "day" ? day.trim() : yearsAfter(today, Number(years));
      const fault = until === "" ? "day" : isDay(until) ? faultOfLastDay(until, today) : "dayShape";
      if (fault !== undefined) context.addIssue({ code: "custom", path: ["day"], message: errors[fault] });
      return { givenBy: name.trim(), until, channels: chosen as ApprovalChannel[], shownPicture: picture };
    });
});

/** The same for 「直してほしい」. */
export const ChangeForm = inEach((_say, language) => {
  const { errors } = wordsIn(language).preview;
  return z.strictObject({
    words: requiredText(2000, errors.wordsLong, errors.words),
    locale: z.enum(codes(locale)).optional(),
    key: z.string().max(200).optional(),
  });
});
