/** Who looks at a staff page. */

import type { Staff } from "#db/actor.ts";

/** The member of staff behind this request; api/staff/guard.ts lets nobody else past. */
export function staffOfPage({ staff }: App.Locals): Staff {
  if (!staff) throw new Error("a staff page was reached without the staff guard");
  return staff;
}
