/** The monthly summary of the keyword report by mail. */

import type { Role } from "./staff.ts";

/** Who may have it: those who may see the report. */
export const summaryRoles = ["manager", "analyst"] as const satisfies readonly Role[];
