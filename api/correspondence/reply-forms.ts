/** What staff send to reply to a family, and to replace its receipt code. */

import { z } from "zod";
import { isTicked, requiredText } from "#api/forms/fields.ts";

export const ReplyForm = z.strictObject({
  reply: requiredText(10_000, "10000 文字までで入力してください。", "お返事を入力してください。"),
  /** Id of the newest message that the writer saw; "" when there was none. */
  latest: z.string().default(""),
  /** Id of who was responsible on the writer's page, or "nobody". Absent, from a program: not compared. */
  held_by: z.string().optional(),
  /** When that page was shown, ISO 8601: should the reply be refused, the page marks what came after it. */
  shown_at: z.string().optional(),
  /** Ticked: the writer becomes responsible for a case that nobody holds. */
  take: isTicked.default(false),
});

export const ReplacementForm = z.strictObject({
  checked: z
    .preprocess((value) => value ?? false, isTicked)
    .refine((isChecked) => isChecked, "本人と確かめてから、チェックを入れてください。"),
});

type Reply = z.output<typeof ReplyForm>;
export type ReplyForm = Omit<Reply, "take"> & Partial<Pick<Reply, "take">>;
