/** Writing an export: every row and file of an installation, in a form that needs neither this product nor this PostgreSQL. */

import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { sql } from "drizzle-orm";
import { connectAsOwner, disconnect, type Executor } from "#db/client.ts";
import { readAppliedMigrations } from "#db/migrate.ts";
import { keyIdsInUse, wrappedKeyColumns } from "#db/vault/wrapped-keys.ts";
import packageJson from "#package.json" with { type: "json" };
import { exactText, readTables, type CatalogTable } from "./catalog.ts";
import { readDataFiles } from "./data-files.ts";
import { reasonToLeaveOut } from "./left-out.ts";
import { exportFilesPrefix, type ExportManifest, exportManifestName, type Measured, tableFile } from "./manifest.ts";
import { type Opening, openingOf } from "./open-copy.ts";
import { rowLines } from "./rows.ts";

/** Where an export goes: a folder, or a store that takes streams. Files come one after the other. */
export interface ExportSink {
  /** Writes a whole file; `name` is a path with "/". */
  file: (name: string, content: AsyncIterable<Uint8Array>) => Promise<void>;
}

interface Options {
  /** Of the database, with its owner's rights; the one this process is connected to when absent. */
  url?: string;
  /** Opens what is sealed; the vault must be open. Never to be imported. */
  isOpen?: boolean;
  /** Called for each file once it is written. */
  onFile?: (name: string, rows?: number) => void;
  now?: Date;
}

/**
 * Writes an export of one moment: all rows come from one snapshot. Works on any version of the schema, also before it is
 * migrated, and holds a few megabytes of it at a time. Sealed values stay sealed unless `isOpen`. Throws the sink's errors.
 */
export async function writeExport(sink: ExportSink, options: Options = {}): Promise<ExportManifest> {
  const { url, isOpen = false, onFile = () => {}, now = new Date() } = options;
  const owner = connectAsOwner(url);
  try {
    return await owner.transaction(
      async (tx) => {
        await exactText(tx);
        const all = await readTables(tx);
        const keys = await wrappedKeyColumns(tx);
        const tables: ExportManifest["tables"] = {};
        for (const table of all.filter((each) => reasonToLeaveOut(each) === undefined)) {
          tables[table.name] = await writeTable(tx, sink, table, isOpen ? openingOf(table, keys) : undefined);
          onFile(tableFile(table.name), tables[table.name]?.rows);
        }
        const manifest: ExportManifest = {
          ...{ format: 1, version: packageJson.version, createdAt: now.toISOString(), isOpen },
          migrations: await readAppliedMigrations(tx),
          vaultKeys: (await keyIdsInUse(tx)).toSorted(),
          ...{
            tables,
            leftOut: leftOutOf(all),
            sequences: await sequencesOf(tx),
            files: await writeFiles(sink, onFile),
          },
        };
        await sink.file(exportManifestName, Readable.from([Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)]));
        return manifest;
      },
      { isolationLevel: "repeatable read", accessMode: "read only" },
    );
  } finally {
    await disconnect(owner);
  }
}

/** What the manifest says of a table, without writing its rows anywhere: to compare it with one that was. */
export async function measureTable(tx: Executor, table: CatalogTable): Promise<Measured & { rows: number }> {
  return writeTable(tx, { file: (_name, content) => drain(content) }, table);
}

/** Reads a stream to its end. */
export async function drain(content: AsyncIterable<Uint8Array>): Promise<void> {
  const reading = content[Symbol.asyncIterator]();
  while ((await reading.next()).done !== true);
}

/** Sealed values stay sealed without `opening`. */
async function writeTable(tx: Executor, sink: ExportSink, table: CatalogTable, opening?: Opening) {
  let rows = 0;
  const content = rowLines(tx, table, { ...(opening && { opening }), onRows: (count) => void (rows += count) });
  const measured = await writeMeasured(sink, tableFile(table.name), content);
  return { rows, ...measured, columns: Object.fromEntries(table.columns.map(({ name, type }) => [name, type])) };
}

async function writeFiles(sink: ExportSink, onFile: (name: string) => void): Promise<ExportManifest["files"]> {
  const files: ExportManifest["files"] = {};
  for (const { name, content } of await readDataFiles()) {
    files[exportFilesPrefix + name] = await writeMeasured(sink, exportFilesPrefix + name, content());
    onFile(exportFilesPrefix + name);
  }
  return files;
}

async function writeMeasured(sink: ExportSink, name: string, content: AsyncIterable<Uint8Array>): Promise<Measured> {
  const measure = measuring();
  await sink.file(name, measure.pass(content));
  return measure.result();
}

/** Passes a stream on, and tells its length and hash in the end. */
export function measuring() {
  const sha256 = createHash("sha256");
  let bytes = 0;
  return {
    pass: async function* (content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of content) {
        sha256.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    },
    result: (): Measured => ({ bytes, sha256: sha256.digest("hex") }),
  };
}

const leftOutOf = (tables: readonly CatalogTable[]): ExportManifest["leftOut"] =>
  Object.fromEntries(
    tables.flatMap((table) => {
      const reason = reasonToLeaveOut(table);
      return reason === undefined ? [] : [[table.name, reason]];
    }),
  );

/** Not part of the snapshot: a number that was given out meanwhile is not given out again. */
async function sequencesOf(tx: Executor): Promise<ExportManifest["sequences"]> {
  const names = await tx.execute<{ name: string }>(
    sql`select relname as name from pg_class where relkind = 'S' and relnamespace = 'public'::regnamespace order by 1`,
  );
  const sequences: ExportManifest["sequences"] = {};
  for (const { name } of names) {
    const [row] = await tx.execute<{ position: string; isCalled: boolean }>(
      sql`select last_value::text as position, is_called as "isCalled" from ${sql.identifier(name)}`,
    );
    if (row) sequences[name] = { position: row.position, isCalled: row.isCalled };
  }
  return sequences;
}
