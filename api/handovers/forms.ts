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

/** Whom the page showed as responsible when somebody pressed 引き受ける. */
export const TakeOverForm = z.strictObject({ from: z.uuid({ error: "画面を開き直してください。" }) });

export type TakeOverForm = z.output<typeof TakeOverForm>;
export type HandoverForm = z.output<typeof HandoverForm>;
