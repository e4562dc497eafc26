/** Where leads came from, and what the advertisements cost. */

import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  date,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { keywordMissing, matchType } from "#db/terms/attribution.ts";
import { codes } from "#db/terms/codes.ts";
import { bytea, id, instant } from "./columns.ts";

/** A landing from an advertisement or another tagged link. No IP address, no user agent. */
export const clicks = pgTable(
  "clicks",
  {
    id: id(),
    landedAt: instant("landed_at").notNull().defaultNow(),
    path: text("path").notNull(),
    /** "gclid:…", "yclid:…" or "msclkid:…": the same click seen again is the same row. */
    clickKey: text("click_key"),
    /** Ids that do not identify one click (gbraid, wbraid), and auto-tagging's gad_*. */
    extras: jsonb("extras").$type<Record<string, string>>().notNull().default({}),
    campaignId: text("campaign_id"),
    adGroupId: text("ad_group_id"),
    targetId: text("target_id"),
    keyword: text("keyword"),
    keywordMissing: text("keyword_missing", { enum: codes(keywordMissing) }),
    matchType: text("match_type", { enum: codes(matchType) }),
    network: text("network"),
    device: text("device"),
    creative: text("creative"),
    location: text("location"),
    utmSource: text("utm_source"),
    utmMedium: text("utm_medium"),
    utmCampaign: text("utm_campaign"),
    utmTerm: text("utm_term"),
    utmContent: text("utm_content"),
    utmId: text("utm_id"),
    /** Somebody paid for it; false: another tagged link (analytics/clicks/attribution.ts). */
    isAd: boolean("is_ad").notNull().default(true),
    /** The first landing of the chain that the token carried by this one belongs to; null: this is the first. */
    firstId: uuid("first_id"),
    crawler: boolean("crawler").notNull().default(false),
    /** A browser fetched the page ahead, and nobody has come back with its token yet: no landing. */
    prefetched: boolean("prefetched").notNull().default(false),
    /** When the form for a consultation was first opened with its token. */
    formOpenedAt: instant("form_opened_at"),
    /** The address that the advertisement led to does not exist. */
    missingPage: boolean("missing_page").notNull().default(false),
    sample: boolean("sample").notNull().default(false),
  },
  (t) => [uniqueIndex("clicks_key").on(t.clickKey), index("clicks_landed").on(t.landedAt)],
);

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

/** Which landing a visit without a click id has; UNLOGGED (see the migration), kept a day. See analytics/clicks/visit.ts. */
export const visits = pgTable("visits", {
  key: bytea("key").primaryKey(),
  clickId: uuid("click_id").notNull(),
  lastAt: instant("last_at").notNull(),
});

/** One file of advertising cost that was read. The totals stay here, never among the rows. */
export const adImports = pgTable("ad_imports", {
  id: id(),
  fileHash: text("file_hash").notNull().unique(),
  fileName: text("file_name").notNull(),
  report: text("report", { enum: ["keywords", "search_terms"] }).notNull(),
  account: text("account").notNull(),
  currency: text("currency").notNull(),
  periodFrom: date("period_from", { mode: "string" }).notNull(),
  periodTo: date("period_to", { mode: "string" }).notNull(),
  totals: jsonb("totals").$type<Record<string, { impressions: number; clicks: number; cost: string }>>().notNull(),
  importedAt: instant("imported_at").notNull().defaultNow(),
});

/** What a line of cost says, whatever it is about; for a day or a period. */
const costColumns = {
  id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
  importId: uuid("import_id")
    .notNull()
    .references(() => adImports.id, { onDelete: "cascade" }),
  dateFrom: date("date_from", { mode: "string" }).notNull(),
  dateTo: date("date_to", { mode: "string" }).notNull(),
  campaignId: text("campaign_id"),
  campaign: text("campaign").notNull(),
  adGroupId: text("ad_group_id"),
  adGroup: text("ad_group").notNull(),
  keywordId: text("keyword_id"),
  keyword: text("keyword").notNull(),
  matchType: text("match_type", { enum: codes(matchType) }),
  impressions: integer("impressions").notNull(),
  clicks: integer("clicks").notNull(),
  cost: numeric("cost", { precision: 14, scale: 6 }).notNull(),
  conversions: numeric("conversions", { precision: 12, scale: 2 }).notNull(),
};

/** Cost per keyword, from keyword reports. */
export const adSpend = pgTable("ad_spend", costColumns, (t) => [
  index("ad_spend_import").on(t.importId),
  index("ad_spend_dates").on(t.dateFrom, t.dateTo),
]);

/** What people typed, from search-term reports; a subset of all clicks (see coverage). */
export const searchTerms = pgTable("search_terms", { ...costColumns, term: text("term").notNull() }, (t) => [
  index("search_terms_import").on(t.importId),
  index("search_terms_term").on(sql`lower(${t.term})`),
]);
