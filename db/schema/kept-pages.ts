/** What the page that a sent form leads to shows: words that were refused, answers to check, a correspondence that is open. */

import { index, pgTable } from "drizzle-orm/pg-core";
import { bytea, instant } from "./columns.ts";

/**
 * One row for each showing; UNLOGGED (see the migration), so that no backup holds it. Words in it were not sent yet, and
 * perhaps never will be.
 */
export const keptPages = pgTable(
  "kept_pages",
  {
    /** Hash of the token in the address. */
    tokenHash: bytea("token_hash").primaryKey(),
    /** JSON, sealed under a key that only the token gives: nobody here can read it without the address. */
    body: bytea("body").notNull(),
    /** Keyed hash of the network it was sent from, of which only so many are kept. */
    network: bytea("network").notNull(),
    /** Keyed hash of the form's key, by which all of them are deleted once the form was sent; null where it has none. */
    form: bytea("form"),
    /** Keyed hash of the reference of an open correspondence, by which all its pages are closed; null on other pages. */
    correspondence: bytea("correspondence"),
    expiresAt: instant("expires_at").notNull(),
  },
  (t) => [
    index("kept_pages_network").on(t.network),
    index("kept_pages_form").on(t.form),
    index("kept_pages_correspondence").on(t.correspondence),
    index("kept_pages_age").on(t.expiresAt),
  ],
);
