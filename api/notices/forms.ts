/** Which notices somebody wants. */

import { z } from "zod";
import { codes } from "#db/terms/codes.ts";
import { noticeKind } from "#db/terms/notices.ts";

const kind = z.enum(codes(noticeKind), { error: "選び直してください。" });

/** Checkboxes: none ticked sends nothing, one a text, several a list. */
export const NoticesForm = z.strictObject({
  kinds: z.preprocess((value) => (value === undefined ? [] : [value].flat()), z.array(kind)),
});
