/** What staff send to hand a case over. */

import { z } from "zod";
import { requiredText, version } from "#api/forms/fields.ts";

export const HandoverForm = z.strictObject({
  to: z.uuid({ error: "引き継ぐ人を選んでください。" }),
  note: requiredText(
    10_000,
    "10000 文字までで入力してください。",
    "引き継ぐ人に伝えることを入力してください。ひとことでもかまいません。",
  ),
  version,
});

export type HandoverForm = z.output<typeof HandoverForm>;
