/** Intake: one lead each time someone writes, downloads or subscribes. */

import { sql, type SQLWrapper } from "drizzle-orm";
import { index, pgTable, smallint, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { codes } from "#db/terms/codes.ts";
import { reviewThreshold } from "#db/terms/consultation.ts";
import { leadChannel } from "#db/terms/leads.ts";
import { locale } from "#db/terms/locale.ts";
import { clicks } from "./attribution.ts";
import { bytea, id, instant } from "./columns.ts";

/**
 * SQL: a request that may be none, and that nobody has taken up yet ("check first"): its score reaches the threshold and
 * its case is new. A case that somebody takes up is no longer new.
 */
export const needsReviewSql = (spamScore: SQLWrapper, caseState: SQLWrapper) =>
  sql<boolean>`(${spamScore} >= ${reviewThreshold} and coalesce(${caseState}, 'new') = 'new')`;

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
