/** What staff send to be reminded of the next step in a case. */

import { z } from "zod";
import { EntryForm } from "#api/entries/forms.ts";
import { requiredText } from "#api/forms/fields.ts";
import { isOnCalendar } from "#db/calendar/days.ts";

/** YYYY-MM-DD, Asia/Tokyo, as `<input type=date>` sends it; 31 September is refused. Whether it fits is for the verb, which knows the time. */
const day = z
  .string({ error: "いつするかを入力してください。" })
  .regex(/^\d{4}-\d{2}-\d{2}$/u, "いつするかを入力してください。例: 2026-12-01")
  .refine(isOnCalendar, "この日付はありません。日付を確認してください。");

const what = requiredText(1000, "1000 文字までで入力してください。", "次にすることを入力してください。");

/** A select without a choice sends "". */
const who = z.preprocess(
  (value) => (value === "" ? undefined : value),
  z.uuid({ error: "だれがするかを選び直してください。" }).optional(),
);

export const ReminderForm = z.strictObject({ what, on: day, who });

/** An entry of the journal, with what is to be done next if that is known. */
export const JournalForm = EntryForm.safeExtend({
  next_what: what.optional(),
  next_on: day.optional(),
  next_who: who,
}).superRefine(({ next_what, next_on }, context) => {
  if (next_what !== undefined && next_on === undefined)
    context.addIssue({ code: "custom", path: ["next_on"], message: "次にすることの日を入力してください。" });
  if (next_what === undefined && next_on !== undefined)
    context.addIssue({ code: "custom", path: ["next_what"], message: "次にすることを入力してください。" });
});

/** `who`: null or absent, whoever is responsible for the case on that day. */
export type ReminderForm = Omit<z.output<typeof ReminderForm>, "who"> & { who?: string | undefined };
export type JournalForm = z.output<typeof JournalForm>;
