/** What a family sends from its receipt: the end of the code, which shows that the code is written down. */

import { z } from "zod";
import { lenientText, SharedFields } from "#api/forms/fields.ts";

export const ConfirmationForm = z.strictObject({ code_end: lenientText(100), c: SharedFields.c });
