/** What staff publish: entries, their texts in each language, and pictures. */

import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  pgView,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { codes } from "#db/terms/codes.ts";
import { contentKind, focalPoint, revisionOrigins } from "#db/terms/content.ts";
import { type Locale, locale as locales } from "#db/terms/locale.ts";
import { bytea, id, instant } from "./columns.ts";
import { staff } from "./staff.ts";

const kind = () => text("kind", { enum: codes(contentKind) }).notNull();
const locale = () => text("locale", { enum: codes(locales) }).notNull();

/** One entry of a list. Its facts have no language and are shown as soon as they are saved. */
export const content = pgTable(
  "content",
  {
    id: id(),
    kind: kind(),
    /** Name within its kind, in fragments of addresses and in files for export. */
    slug: text("slug").notNull(),
    /** Ascending in its list; ties by id. */
    position: integer("position").notNull(),
    facts: jsonb("facts").$type<Record<string, string>>().notNull(),
    /** Counts changes of the facts, for optimistic locking. */
    factsVersion: integer("facts_version").notNull().default(1),
    createdBy: uuid("created_by").references(() => staff.id),
    createdAt: instant("created_at").notNull(),
    /** Put away: in no list and on no page. */
    archivedAt: instant("archived_at"),
  },
  (table) => [
    uniqueIndex("content_slug").on(table.kind, table.slug),
    index("content_list").on(table.kind, table.position),
  ],
);

/** Counts changes of a list's order, so that two people who move different entries do not undo each other. */
export const contentLists = pgTable("content_lists", {
  kind: kind().primaryKey(),
  version: integer("version").notNull().default(0),
});

/** A text as it was saved; never updated. The newest one is the draft. */
export const contentRevisions = pgTable(
  "content_revisions",
  {
    contentId: uuid("content_id")
      .notNull()
      .references(() => content.id),
    locale: locale(),
    /** Counts from 1 in each language of an entry. */
    no: integer("no").notNull(),
    body: jsonb("body").$type<Record<string, string>>().notNull(),
    writtenBy: uuid("written_by").references(() => staff.id),
    writtenAt: instant("written_at").notNull(),
    origin: text("origin", { enum: revisionOrigins }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.contentId, table.locale, table.no] })],
);

/**
 * What of a text is public. `scheduled_no` takes the place of `published_no` at `publish_at`; where consent is needed, not
 * before it was approved. The view content_periods says what follows of it.
 */
export const contentTexts = pgTable(
  "content_texts",
  {
    contentId: uuid("content_id").notNull(),
    locale: locale(),
    publishedNo: integer("published_no"),
    publishedAt: instant("published_at"),
    scheduledNo: integer("scheduled_no"),
    publishAt: instant("publish_at"),
    withdrawnAt: instant("withdrawn_at"),
    /** Number of the Japanese revision that this translation agrees with; null for Japanese, and where there was none. */
    madeFrom: integer("made_from"),
    /** Counts changes of this row, for optimistic locking. */
    version: integer("version").notNull().default(1),
  },
  (table) => [
    primaryKey({ columns: [table.contentId, table.locale] }),
    foreignKey({ columns: [table.contentId], foreignColumns: [content.id] }),
    foreignKey({
      columns: [table.contentId, table.locale, table.publishedNo],
      foreignColumns: [contentRevisions.contentId, contentRevisions.locale, contentRevisions.no],
      name: "content_texts_published",
    }),
    foreignKey({
      columns: [table.contentId, table.locale, table.scheduledNo],
      foreignColumns: [contentRevisions.contentId, contentRevisions.locale, contentRevisions.no],
      name: "content_texts_scheduled",
    }),
    check("content_texts_schedule", sql`(${table.scheduledNo} is null) = (${table.publishAt} is null)`),
  ],
);

/** A picture that entries show. Its files are in picture_files; nothing of the upload itself is kept. */
export const pictures = pgTable("pictures", {
  id: id(),
  /** Shows people, or belongs to somebody's story: public only while an entry that shows it may, and its own consent lasts. */
  needsConsent: boolean("needs_consent").notNull(),
  focalPoint: text("focal_point", { enum: codes(focalPoint) })
    .notNull()
    .default("centre"),
  /** What it shows, by language, for those who do not see it. */
  alt: jsonb("alt").$type<Partial<Record<Locale, string>>>().notNull(),
  /** Counts changes of the row, for optimistic locking. */
  version: integer("version").notNull().default(1),
  uploadedBy: uuid("uploaded_by").references(() => staff.id),
  uploadedAt: instant("uploaded_at").notNull(),
  /** Of the newsletter: since when no text is known to show it; null while one does. */
  unshownSince: instant("unshown_since"),
  /** Its files are deleted; its address answers 410. */
  removedAt: instant("removed_at"),
});

/** Encoded anew from the pixels of an upload: two widths in two formats, and one master. */
export const pictureFiles = pgTable(
  "picture_files",
  {
    pictureId: uuid("picture_id")
      .notNull()
      .references(() => pictures.id),
    /** "small" and "large" for pages, "master" for making others. */
    variant: text("variant", { enum: ["small", "large", "master"] }).notNull(),
    type: text("type", { enum: ["image/webp", "image/jpeg"] }).notNull(),
    width: integer("width").notNull(),
    height: integer("height").notNull(),
    /** Hexadecimal, of the content. */
    sha256: text("sha256").notNull(),
    content: bytea("content").notNull(),
  },
  (table) => [primaryKey({ columns: [table.pictureId, table.variant, table.type] })],
);

/** See the migration: for each text the periods in which a revision is shown, and the last day of its consent. */
export const contentPeriods = pgView("content_periods", {
  contentId: uuid("content_id").notNull(),
  locale: locale(),
  revisionNo: integer("revision_no").notNull(),
  /** Null: without a beginning, or an end. */
  shownFrom: instant("shown_from"),
  shownTo: instant("shown_to"),
  needsConsent: boolean("needs_consent").notNull(),
  /** The last day in Asia/Tokyo on which a consent holds for this revision; null where none does. */
  lastDay: date("last_day", { mode: "string" }),
}).existing();

/** See the migration: the last day on which a picture that needs a consent has one, by entry. */
export const pictureConsents = pgView("picture_consents", {
  contentId: uuid("content_id").notNull(),
  pictureId: uuid("picture_id").notNull(),
  lastDay: date("last_day", { mode: "string" }).notNull(),
}).existing();
