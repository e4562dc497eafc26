/** What staff send to say that somebody is away. */

import { z } from "zod";
import { isOnCalendar } from "#db/calendar/days.ts";

const day = (missing: string) =>
  z
    .string({ error: missing })
    .regex(/^\d{4}-\d{2}-\d{2}$/u, missing)
    .refine(isOnCalendar, "この日付はありません。日付を確認してください。");

export const AbsenceForm = z
  .strictObject({
    from: day("不在になる日を入力してください。"),
    until: day("不在の最後の日を入力してください。"),
    stand_in: z.uuid({ error: "代わりの人を選んでください。" }),
  })
  .refine(({ from, until }) => from <= until, {
    path: ["until"],
    message: "不在になる日より前の日です。日付を確認してください。",
  });

export type AbsenceForm = z.output<typeof AbsenceForm>;
