/** Landings counted together: lines, months that are over, and the visits of a day. */

import { boolean, date, index, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { keywordMissing, matchType } from "#db/terms/attribution.ts";
import { codes } from "#db/terms/codes.ts";
import { bytea, instant } from "./columns.ts";

/** The advertising parameters by which landings are counted together; see analytics/landings/lines.ts. */
export const landingLines = pgTable("landing_lines", {
  id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
  /** Hash of all its columns. */
  key: uuid("key").notNull().unique(),
  isAd: boolean("is_ad").notNull(),
  platform: text("platform"),
  campaignId: text("campaign_id"),
  adGroupId: text("ad_group_id"),
  targetId: text("target_id"),
  keyword: text("keyword"),
  keywordMissing: text("keyword_missing", { enum: codes(keywordMissing) }),
  matchType: text("match_type", { enum: codes(matchType) }),
  utmCampaign: text("utm_campaign"),
  utmContent: text("utm_content"),
  utmSource: text("utm_source"),
  utmMedium: text("utm_medium"),
});

/** Landings by line in a month that is over (its first day, Asia/Tokyo); see analytics/landings/roll-up.ts. */
export const landingMonths = pgTable(
  "landing_months",
  {
    month: date("month", { mode: "string" }).notNull(),
    lineId: integer("line_id")
      .notNull()
      .references(() => landingLines.id),
    landings: integer("landings").notNull(),
    formsOpened: integer("forms_opened").notNull(),
  },
  (t) => [primaryKey({ columns: [t.month, t.lineId] })],
);

/** How often landings of a month were changed after it was over, and up to which change they were rolled up. */
export const landingMonthStates = pgTable("landing_month_states", {
  month: date("month", { mode: "string" }).primaryKey(),
  /** Raised by a trigger on `clicks`. */
  changes: integer("changes").notNull().default(0),
  /** Null: not rolled up yet. */
  rolledChanges: integer("rolled_changes"),
});

/** Leads by line in a month that is over (its first day, Asia/Tokyo); see analytics/landings/lead-months.ts. */
export const leadMonths = pgTable(
  "lead_months",
  {
    month: date("month", { mode: "string" }).notNull(),
    /** Null: `noLine` says why. */
    lineId: integer("line_id").references(() => landingLines.id),
    noLine: text("no_line", { enum: ["older", "elsewhere"] }),
    downloads: integer("downloads").notNull(),
    subscriptions: integer("subscriptions").notNull(),
    consultations: integer("consultations").notNull(),
    doubtful: integer("doubtful").notNull(),
    people: integer("people").notNull(),
    firstConsultations: integer("first_consultations").notNull(),
  },
  (t) => [index("lead_months_month").on(t.month)],
);

/** The months whose leads were rolled up. */
export const leadMonthStates = pgTable("lead_month_states", {
  month: date("month", { mode: "string" }).primaryKey(),
});

/**
 * Written by triggers: something that leads of an earlier month are counted by was changed, and when the lead or the
 * landing was that it belongs to. Rows are only added, until the next roll-up: no two changes wait for each other.
 */
export const leadChanges = pgTable("lead_changes", { at: instant("at").notNull() }, (t) => [
  index("lead_changes_at").on(t.at),
]);

/** Which landing a visit without a click id has; UNLOGGED (see the migration), kept a day. See analytics/clicks/visit.ts. */
export const visits = pgTable("visits", {
  key: bytea("key").primaryKey(),
  clickId: uuid("click_id").notNull(),
  lastAt: instant("last_at").notNull(),
});
