/** Days on which a member of staff is away, and who stands in for them. */

import { sql } from "drizzle-orm";
import { check, date, index, pgTable, uuid } from "drizzle-orm/pg-core";
import { id, instant } from "./columns.ts";
import { staff } from "./staff.ts";

export const absences = pgTable(
  "absences",
  {
    id: id(),
    staffId: uuid("staff_id")
      .notNull()
      .references(() => staff.id),
    /** First and last day, in Asia/Tokyo. */
    fromDay: date("from_day", { mode: "string" }).notNull(),
    untilDay: date("until_day", { mode: "string" }).notNull(),
    standInId: uuid("stand_in_id")
      .notNull()
      .references(() => staff.id),
    enteredBy: uuid("entered_by")
      .notNull()
      .references(() => staff.id),
    enteredAt: instant("entered_at").notNull(),
    /** Called off: it counts no more. */
    cancelledAt: instant("cancelled_at"),
  },
  (t) => [
    index("absences_staff")
      .on(t.staffId, t.untilDay)
      .where(sql`${t.cancelledAt} is null`),
    check("absences_days", sql`${t.fromDay} <= ${t.untilDay}`),
    check("absences_stand_in", sql`${t.staffId} <> ${t.standInId}`),
  ],
);
