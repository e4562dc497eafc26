/** Whether somebody wants the monthly summary. */

import { z } from "zod";

/** A checkbox: absent when it is not ticked. */
export const SummaryForm = z.strictObject({ wanted: z.literal("yes", { error: "選び直してください。" }).optional() });
