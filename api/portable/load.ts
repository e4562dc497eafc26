/**
 * Loading the rows of an export, in one transaction and with no more rights than the tables' owner has: foreign keys are taken
 * away before and made again behind, which checks them all, and so no order of tables and no cycle matters.
 */

import { sql } from "drizzle-orm";
import type { Db, Executor } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { exactText, insertOf, readTables, type CatalogTable } from "./catalog.ts";
import { measureTable } from "./export.ts";
import type { ExportSource } from "./folder.ts";
import { type ExportManifest, tableFile } from "./manifest.ts";

/** Bytes of rows that are inserted at once. */
const batchBytes = 1024 * 1024;

/**
 * Puts the rows in the place of what migrations have written, then reads all of it again and compares. Throws, and leaves the
 * tables as they were, when anything differs. `onTable` hears each table once it is loaded.
 */
export async function loadRows(
  owner: Db,
  source: ExportSource,
  manifest: ExportManifest,
  onTable: (name: string, rows: number) => void,
): Promise<void> {
  await owner.transaction(async (tx) => {
    await exactText(tx);
    const all = await readTables(tx);
    const tables = all.filter(({ name }) => Object.hasOwn(manifest.tables, name));
    refuseOtherTables(all, manifest);
    const names = all.map(({ name }) => sql.identifier(name));
    for (const name of names) await tx.execute(sql`alter table ${name} disable trigger user`);
    const foreignKeys = await dropForeignKeys(tx);
    await tx.execute(sql`truncate ${sql.join(names, sql`, `)}`);
    for (const table of tables) {
      for await (const rows of batchesOf(source.file(tableFile(table.name)))) await tx.execute(insertOf(table, rows));
      onTable(table.name, manifest.tables[table.name]?.rows ?? 0);
    }
    for (const statement of foreignKeys) await tx.execute(sql.raw(statement));
    for (const name of names) await tx.execute(sql`alter table ${name} enable trigger user`);
    for (const [name, { position, isCalled }] of Object.entries(manifest.sequences))
      await tx.execute(
        sql`select setval(format('%I', ${name}::text)::regclass, ${position}::bigint, ${isCalled}::boolean)`,
      );
    await compare(tx, tables, manifest);
  });
}

/** Throws Refused when the tables of this migration are not those that the export was made from. */
function refuseOtherTables(all: readonly CatalogTable[], { tables, leftOut, version }: ExportManifest): void {
  const missing = all.find(({ name }) => !Object.hasOwn(tables, name) && !Object.hasOwn(leftOut, name));
  if (missing) throw new Refused(`The export does not hold the table ${missing.name}. Nothing was changed.`);
  for (const [name, { columns }] of Object.entries(tables)) {
    const here = all.find((table) => table.name === name)?.columns;
    if (!here)
      throw new Refused(
        `The export names a table that version ${version} of the product does not have: ${name}. Nothing was changed.`,
      );
    const isSame =
      here.length === Object.keys(columns).length && here.every((column) => columns[column.name] === column.type);
    if (!isSame)
      throw new Refused(`The table ${name} has other columns in the export than in this version. Nothing was changed.`);
  }
}

/** Takes all foreign keys away; returns the statements that make them again. */
async function dropForeignKeys(tx: Executor): Promise<string[]> {
  const keys = await tx.execute<{ drop: string; add: string }>(sql`
    select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
      format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as add
    from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace order by conrelid::regclass::text, conname`);
  for (const { drop } of keys) await tx.execute(sql.raw(drop));
  return keys.map(({ add }) => add);
}

/** Lines joined to JSON arrays of about that many bytes. */
async function* batchesOf(content: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let [pending, length]: [Uint8Array[], number] = [[], 0];
  const take = (end: Uint8Array) =>
    `[${Buffer.concat([...pending, end])
      .toString("utf8")
      .trimEnd()
      .replaceAll("\n", ",")}]`;
  for await (const chunk of content) {
    const lineEnd = length + chunk.length < batchBytes ? -1 : chunk.lastIndexOf(10);
    if (lineEnd < 0) {
      pending.push(chunk);
      length += chunk.length;
      continue;
    }
    yield take(chunk.subarray(0, lineEnd));
    pending = [chunk.subarray(lineEnd + 1)];
    length = chunk.length - lineEnd - 1;
  }
  if (length > 0) yield take(Buffer.alloc(0));
}

async function compare(tx: Executor, tables: readonly CatalogTable[], manifest: ExportManifest): Promise<void> {
  for (const table of tables) {
    const [loaded, written] = [await measureTable(tx, table), manifest.tables[table.name]];
    if (loaded.rows !== written?.rows || loaded.sha256 !== written.sha256)
      throw new Error(
        `The table ${table.name} is not what the export holds (${loaded.rows} of ${written?.rows} rows). Nothing was imported.`,
      );
  }
}
