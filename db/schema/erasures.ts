/** What was erased, why and by whom; append-only like the audit trail (see the migration). */

import { pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { codes } from "#db/terms/codes.ts";
import { erasureReason } from "#db/terms/privacy.ts";
import { id, instant } from "./columns.ts";
import { staff } from "./staff.ts";

export const erasures = pgTable(
  "erasures",
  {
    id: id(),
    /** `grant`: a guide asked for by mail. */
    what: text("what", { enum: ["case", "subscriber", "grant"] }).notNull(),
    /** Id of the row that stayed as a stub. */
    whatId: uuid("what_id").notNull(),
    reason: text("reason", { enum: codes(erasureReason) }).notNull(),
    /** Null for a command and for retention. */
    erasedBy: uuid("erased_by").references(() => staff.id),
    erasedAt: instant("erased_at").notNull(),
  },
  (t) => [uniqueIndex("erasures_what").on(t.what, t.whatId)],
);
