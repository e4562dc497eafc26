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
import { adGranularity, adPlatform, adReport, importStep, keywordMissing, matchType } from "#db/terms/attribution.ts";
import { codes } from "#db/terms/codes.ts";
import { bytea, id, instant } from "./columns.ts";
import { staff } from "./staff.ts";

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
  (t) => [
    uniqueIndex("clicks_key").on(t.clickKey),
    index("clicks_landed").on(t.landedAt),
    index("clicks_first")
      .on(t.firstId)
      .where(sql`${t.firstId} is not null`),
  ],
);

/**
 * One file of advertising cost that was read. The totals stay here, never among the rows. An undone import keeps this
 * row and loses its lines.
 */
export const adImports = pgTable(
  "ad_imports",
  {
    id: id(),
    /** Order of import: among equal days and periods the highest counts. */
    no: integer("no").generatedAlwaysAsIdentity().notNull().unique(),
    fileHash: text("file_hash").notNull(),
    fileName: text("file_name").notNull(),
    report: text("report", { enum: codes(adReport) }).notNull(),
    account: text("account").notNull(),
    currency: text("currency").notNull(),
    /** Absent: Google Ads. */
    platform: text("platform", { enum: codes(adPlatform) }),
    /** Whose days the dates are (IANA name), as somebody said; files do not state it. */
    timeZone: text("time_zone").notNull().default("Asia/Tokyo"),
    periodFrom: date("period_from", { mode: "string" }).notNull(),
    periodTo: date("period_to", { mode: "string" }).notNull(),
    granularity: text("granularity", { enum: codes(adGranularity) })
      .notNull()
      .default("day"),
    totals: jsonb("totals").$type<Record<string, { impressions: number; clicks: number; cost: string }>>().notNull(),
    /** Sums of the rows, so that the list of imports reads no rows. */
    rows: integer("rows").notNull().default(0),
    impressions: bigint("impressions", { mode: "number" }).notNull().default(0),
    clicks: bigint("clicks", { mode: "number" }).notNull().default(0),
    cost: numeric("cost", { precision: 20, scale: 6 }).notNull().default("0"),
    /** Sentences on the file as they were shown with its import. */
    notes: jsonb("notes").$type<string[]>().notNull().default([]),
    importedAt: instant("imported_at").notNull().defaultNow(),
    /** Absent: by a command. */
    importedBy: uuid("imported_by").references(() => staff.id),
    undoneAt: instant("undone_at"),
    undoneBy: uuid("undone_by").references(() => staff.id),
  },
  (t) => [
    uniqueIndex("ad_imports_file_hash")
      .on(t.fileHash)
      .where(sql`${t.undoneAt} is null`),
    index("ad_imports_account").on(t.account),
  ],
);

/**
 * A keyword of an ad group of an account, as a file spelled it; with an empty keyword, what has none (a campaign).
 * `sameAs`, `campaignKey` and the known ids are derived from all bids of the account (analytics/spend/bids.ts).
 */
export const bids = pgTable(
  "bids",
  {
    id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
    account: text("account").notNull(),
    /** Of its account's imports; absent: Google Ads. */
    platform: text("platform", { enum: codes(adPlatform) }),
    /** Hash of all that follows (`spellingOf`): names may be longer than an index takes. */
    spelling: text("spelling").notNull(),
    campaignId: text("campaign_id"),
    campaign: text("campaign").notNull(),
    adGroupId: text("ad_group_id"),
    adGroup: text("ad_group").notNull(),
    keywordId: text("keyword_id"),
    keyword: text("keyword").notNull(),
    matchType: text("match_type", { enum: codes(matchType) }),
    /** `keywordKey` of the keyword; absent in rows of an older version until the account's next import. */
    keywordKey: text("keyword_key"),
    /** The bid that stands for all spellings of this one: the lowest id among them. */
    sameAs: integer("same_as"),
    /** Equal for all bids of one campaign: its id where one is known, else "=" and its name. */
    campaignKey: text("campaign_key").notNull(),
    /** Ids that other spellings of the same names carry, where this one has none. */
    knownCampaignId: text("known_campaign_id"),
    knownAdGroupId: text("known_ad_group_id"),
    knownKeywordId: text("known_keyword_id"),
  },
  (t) => [uniqueIndex("bids_spelling").on(t.account, t.spelling)],
);

/**
 * What a line of cost says, whatever it is about; for a day or a period. Without foreign keys: checking two a row took a fifth
 * of an import. Lines come and go with their import, under the lock on imports, and no bid goes that has one.
 */
const costColumns = {
  id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
  importNo: integer("import_no").notNull(),
  bidId: integer("bid_id").notNull(),
  dateFrom: date("date_from", { mode: "string" }).notNull(),
  dateTo: date("date_to", { mode: "string" }).notNull(),
  /** As the file names it, such as モバイル. */
  device: text("device"),
  impressions: integer("impressions").notNull(),
  clicks: integer("clicks").notNull(),
  cost: numeric("cost", { precision: 20, scale: 6 }).notNull(),
  conversions: numeric("conversions", { precision: 14, scale: 2 }).notNull(),
  /** Only of lines of one day: whether it counts (analytics/spend/recount.ts). What counts of longer ones is in `spend_spans`. */
  counted: boolean("counted").notNull().default(false),
};

/** Cost per keyword or campaign, from keyword and campaign reports. */
export const adSpend = pgTable("ad_spend", costColumns, (t) => [
  index("ad_spend_import").on(t.importNo),
  index("ad_spend_bid").on(t.bidId),
  index("ad_spend_dates").on(t.dateFrom, t.dateTo),
]);

/** What people typed, from search-term reports; a subset of all clicks (see coverage). */
export const searchTerms = pgTable("search_terms", { ...costColumns, term: text("term").notNull() }, (t) => [
  index("search_terms_import").on(t.importNo),
  index("search_terms_bid").on(t.bidId),
  index("search_terms_dates").on(t.dateFrom, t.dateTo),
  index("search_terms_term").on(sql`lower(${t.term})`),
]);

/**
 * Derived: counted days of a bid (`sameAs`) by calendar month, kept true by imports and undoing them. Without foreign
 * keys, as the lines and `spend_spans`: nothing but those writes them.
 */
export const spendMonths = pgTable(
  "spend_months",
  {
    bidId: integer("bid_id").notNull(),
    /** Its first day. */
    month: date("month", { mode: "string" }).notNull(),
    report: text("report", { enum: codes(adReport) }).notNull(),
    impressions: bigint("impressions", { mode: "number" }).notNull(),
    clicks: bigint("clicks", { mode: "number" }).notNull(),
    cost: numeric("cost", { precision: 20, scale: 6 }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.bidId, t.month, t.report] }), index("spend_months_month").on(t.month)],
);

/** Derived: what a sum over several days counts for a bid (`sameAs`), beside the days and shorter sums inside it. */
export const spendSpans = pgTable(
  "spend_spans",
  {
    bidId: integer("bid_id").notNull(),
    importNo: integer("import_no").notNull(),
    report: text("report", { enum: codes(adReport) }).notNull(),
    dateFrom: date("date_from", { mode: "string" }).notNull(),
    dateTo: date("date_to", { mode: "string" }).notNull(),
    /** counted: with the figures below; checked: every day is known, so it only checks them; overlapping: neither inside nor around another. */
    state: text("state", { enum: ["counted", "checked", "overlapping"] }).notNull(),
    impressions: bigint("impressions", { mode: "number" }).notNull(),
    clicks: bigint("clicks", { mode: "number" }).notNull(),
    cost: numeric("cost", { precision: 20, scale: 6 }).notNull(),
    /** Of a checked one: its own figures minus those of its days, and how many days were added up. Of a counted one where that is less than 0. */
    clicksApart: bigint("clicks_apart", { mode: "number" }).notNull().default(0),
    costApart: numeric("cost_apart", { precision: 20, scale: 6 }).notNull().default("0"),
    days: integer("days").notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.bidId, t.importNo, t.report, t.dateFrom, t.dateTo] }),
    index("spend_spans_dates").on(t.dateFrom, t.dateTo),
  ],
);

/** A file on its way: uploaded, read, and waiting for somebody to say that it shall count. Deleted after a day. */
export const adUploads = pgTable("ad_uploads", {
  id: id(),
  staffId: uuid("staff_id")
    .notNull()
    .references(() => staff.id, { onDelete: "cascade" }),
  fileName: text("file_name").notNull(),
  bytes: integer("bytes").notNull(),
  account: text("account"),
  currency: text("currency"),
  timeZone: text("time_zone"),
  periodFrom: date("period_from", { mode: "string" }),
  periodTo: date("period_to", { mode: "string" }),
  /** reading and importing: under way in some process; read: `preview` is there; refused: `refusal` says why. */
  state: text("state", { enum: ["reading", "read", "refused", "importing", "imported"] }).notNull(),
  /** What the process that works on it does: waits for another import, reads rows, or counts what they change. */
  step: text("step", { enum: codes(importStep) })
    .notNull()
    .default("waiting"),
  rowsRead: integer("rows_read").notNull().default(0),
  preview: jsonb("preview"),
  refusal: text("refusal"),
  /** Of a refused one: saying the account, currency, time zone or period may mend it. */
  needsChoice: boolean("needs_choice").notNull().default(false),
  importId: uuid("import_id").references(() => adImports.id, { onDelete: "set null" }),
  uploadedAt: instant("uploaded_at").notNull().defaultNow(),
  /** When the process that works on it last said so. */
  activeAt: instant("active_at").notNull().defaultNow(),
});

/** The file itself, in compressed parts, so that no process has to hold it whole. */
export const adUploadParts = pgTable(
  "ad_upload_parts",
  {
    uploadId: uuid("upload_id")
      .notNull()
      .references(() => adUploads.id, { onDelete: "cascade" }),
    part: integer("part").notNull(),
    content: bytea("content").notNull(),
  },
  (t) => [primaryKey({ columns: [t.uploadId, t.part] })],
);
