/** The form of a button: it has no fields. */

import { z } from "zod";

export const EmptyForm = z.strictObject({});
