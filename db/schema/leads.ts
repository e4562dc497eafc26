/** Intake: one lead each time someone writes, downloads or subscribes. */

import { sql } from "drizzle-orm";
import { index, pgTable, smallint, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { codes } from "#db/terms/codes.ts";
import { leadChannel } from "#db/terms/leads.ts";
import { locale } from "#db/terms/locale.ts";
import { clicks } from "./attribution.ts";
import { bytea, id, instant } from "./columns.ts";

export const leads = pgTable(
  "leads",
  {
    id: id(),
    kind: text("kind", { enum: ["consultation", "download", "subscription"] }).notNull(),
    channel: text("channel", { enum: codes(leadChannel) }).notNull(),
    /** What the family quotes on the phone; only consultations have one. */
    reference: text("reference"),
    receivedAt: instant("received_at").notNull().defaultNow(),
    locale: text("locale", { enum: codes(locale) })
      .notNull()
      .default("ja"),
    clickId: uuid("click_id").references(() => clicks.id, { onDelete: "set null" }),
    idempotencyHmac: bytea("idempotency_hmac"),
    bodyHmac: bytea("body_hmac"),
    /** 0 = nothing odd; from `reviewThreshold` (db/terms/consultation.ts) on it waits in the "check first" queue. Never a reason to drop. */
    spamScore: smallint("spam_score").notNull().default(0),
  },
  (t) => [
    uniqueIndex("leads_reference").on(t.reference),
    uniqueIndex("leads_idempotency").on(t.idempotencyHmac),
    index("leads_click")
      .on(t.clickId)
      .where(sql`${t.clickId} is not null`),
    index("leads_received").on(t.receivedAt),
  ],
);
