/** A button with nothing to fill in. */

import { z } from "zod";

export const EmptyForm = z.strictObject({});
