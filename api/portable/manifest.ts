/** What an export consists of: manifest.json, and what it says of every other file. */

import { z } from "zod";

/** The name of the manifest, which is written last: an export without one was not finished. */
export const exportManifestName = "manifest.json";

/** Below it, the rows of each table: one JSON object a line, in the order of the primary key. */
export const tableFile = (table: string) => `tables/${table}.jsonl`;

/** Below it, files of DATA_DIR under the paths that they have there. */
export const exportFilesPrefix = "files/";

const Measured = z.object({ bytes: z.number().int(), sha256: z.string().length(64) });

/** Length and hash of a file of the export. */
export type Measured = z.infer<typeof Measured>;

/** Only what an import may write to in DATA_DIR: a manifest is not signed, and no path in it leads anywhere else. */
const tableName = z.string().regex(/^[a-z][a-z\d_]*$/u);
const filePath = z.string().regex(/^files\/(?:guides|logs\/tombstones)\/[\w-][\w.-]*$/u);

export const ExportManifest = z.object({
  format: z.literal(1),
  /** Version of the product that wrote it. */
  version: z.string(),
  createdAt: z.iso.datetime(),
  /** True when what is sealed was opened: for reading, and never imported. */
  isOpen: z.boolean(),
  /** The migrations of its database, oldest first; `when` is drizzle's number of each. */
  migrations: z.array(z.object({ name: z.string(), when: z.number().int(), hash: z.string() })).min(1),
  /** Ids (hexadecimal) of the vault's keys without which something in it cannot be opened. */
  vaultKeys: z.array(z.string()),
  /** By name; columns with their types, as PostgreSQL names them. */
  tables: z.record(tableName, Measured.extend({ rows: z.number().int(), columns: z.record(z.string(), z.string()) })),
  /** Tables whose rows are not in it, and why. */
  leftOut: z.record(z.string(), z.string()),
  /** The position of each sequence; text, since it may exceed what a number holds. */
  sequences: z.record(z.string(), z.object({ position: z.string(), isCalled: z.boolean() })),
  files: z.record(filePath, Measured),
});

export type ExportManifest = z.infer<typeof ExportManifest>;

/** How many rows each table has in an export. */
export const rowsByTable = ({ tables }: Pick<ExportManifest, "tables">): Record<string, number> =>
  Object.fromEntries(Object.entries(tables).map(([name, { rows }]) => [name, rows]));
