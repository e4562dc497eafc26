/** Texts that replace sections of public pages (db/words/sections.ts), and every change of them. */

import { bigint, index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { codes } from "#db/terms/codes.ts";
import { locale as locales } from "#db/terms/locale.ts";
import { instant } from "./columns.ts";
import { staff } from "./staff.ts";

/** edit: written. take_back: the default again. restore: an earlier text again. keep: the default has changed, and the text stays. move: to another section. import: from a file. */
export const textChangeKinds = ["edit", "take_back", "restore", "keep", "move", "import"] as const;

const locale = () => text("locale", { enum: codes(locales) }).notNull();

/** Append-only by grant. The number of the last one and that of the settings' history are the number of a snapshot. */
export const textChanges = pgTable(
  "text_changes",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    section: text("section").notNull(),
    locale: locale(),
    /** Null where the default held, or holds from now on. */
    before: text("before"),
    after: text("after"),
    changedBy: uuid("changed_by").references(() => staff.id),
    changedAt: instant("changed_at").notNull(),
    how: text("how", { enum: textChangeKinds }).notNull(),
  },
  (table) => [index("text_changes_section").on(table.section, table.locale, table.id)],
);

/** What replaces a section in one language. A section that a release no longer has keeps its row, and is shown nowhere. */
export const textOverrides = pgTable(
  "text_overrides",
  {
    section: text("section").notNull(),
    locale: locale(),
    /** With placeholders. */
    body: text("body").notNull(),
    /** The default that it replaced, as `comparedDefault` (api/words/states.ts) writes it. */
    defaultThen: text("default_then").notNull(),
    /** The release in which that default stood. */
    defaultThenRelease: text("default_then_release").notNull(),
    /** A later default at which somebody decided that the text stays. */
    seenDefault: text("seen_default"),
    changeId: bigint("change_id", { mode: "number" })
      .notNull()
      .references(() => textChanges.id),
    changedBy: uuid("changed_by").references(() => staff.id),
    changedAt: instant("changed_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.section, table.locale] })],
);
