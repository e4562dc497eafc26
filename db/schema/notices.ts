/** Notices by mail to single members of staff. */

import { sql } from "drizzle-orm";
import { index, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { codes } from "#db/terms/codes.ts";
import { noticeKind } from "#db/terms/notices.ts";
import { cases } from "./cases.ts";
import { id, instant } from "./columns.ts";
import { deliveries } from "./mail.ts";
import { staff } from "./staff.ts";

/** What somebody is to be notified of. Several go into one mail; a row without a delivery still waits. */
export const staffNotices = pgTable(
  "staff_notices",
  {
    id: id(),
    /** Who gets the mail: on days of absence the stand-in. */
    staffId: uuid("staff_id")
      .notNull()
      .references(() => staff.id),
    caseId: uuid("case_id")
      .notNull()
      .references(() => cases.id),
    kind: text("kind", { enum: codes(noticeKind) }).notNull(),
    /** Id of the assignment, message, promise or delivery that caused it: nobody is notified of one twice. */
    aboutId: uuid("about_id").notNull(),
    noticedAt: instant("noticed_at").notNull(),
    sentAt: instant("sent_at"),
    deliveryId: uuid("delivery_id").references(() => deliveries.id),
  },
  (t) => [
    uniqueIndex("staff_notices_once").on(t.kind, t.aboutId, t.staffId),
    index("staff_notices_waiting")
      .on(t.staffId)
      .where(sql`${t.sentAt} is null`),
    index("staff_notices_sent").on(t.staffId, t.sentAt),
    index("staff_notices_delivery").on(t.deliveryId),
  ],
);

/** The kinds of notices that somebody has switched off; without a row a notice is sent. */
export const staffNoticesOff = pgTable(
  "staff_notices_off",
  {
    staffId: uuid("staff_id")
      .notNull()
      .references(() => staff.id, { onDelete: "cascade" }),
    kind: text("kind", { enum: codes(noticeKind) }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.staffId, t.kind] })],
);
