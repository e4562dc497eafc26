/** What a family sends from its receipt: that the code is written down. */

import { z } from "zod";
import { SharedFields } from "#api/forms/fields.ts";

/** An odd value is as wrong as any other; what is wrong is said in the language of the page. */
export const ConfirmationForm = z.strictObject({ code_end: z.string().max(100).catch(""), c: SharedFields.c });
