/** The organisation's settings, and every change of them. */

import { bigint, index, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { staff } from "./staff.ts";

/** How a change came about. */
export const changeKinds = [
  "edit",
  "first_run",
  "import",
  "take_back",
  "sample_removed",
  "made_real",
  "upgrade",
] as const;

/** Append-only by grant. What holds of a key is its last change; the changes of one form or import share a set. */
export const settingsChanges = pgTable(
  "settings_changes",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    setId: uuid("set_id").notNull(),
    key: text("key").notNull(),
    /** Null where nothing was given. */
    before: jsonb("before"),
    after: jsonb("after"),
    /** Null for a command and for an upgrade. */
    changedBy: uuid("changed_by").references(() => staff.id),
    changedAt: instant("changed_at").notNull(),
    how: text("how", { enum: changeKinds }).notNull(),
  },
  (table) => [index("settings_changes_key").on(table.key, table.id), index("settings_changes_set").on(table.setId)],
);

/** What was given, a row a key. The key `stage` says whether families may come (db/settings/keys.ts). */
export const settingsValues = pgTable("settings", {
  key: text("key").primaryKey(),
  value: jsonb("value").notNull(),
  changeId: bigint("change_id", { mode: "number" })
    .notNull()
    .references(() => settingsChanges.id),
});
