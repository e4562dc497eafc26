/** What lies in the files of the test's own database, as somebody reads them who took the disk. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { connectAsOwner, disconnect } from "#db/client.ts";

/** Every value of every column of bytes, by "table.column"; what is not a secret of a person is left out. */
export async function storedBytes(): Promise<[place: string, value: Buffer][]> {
  const owner = connectAsOwner();
  try {
    const columns = await owner.execute<{ table: string; column: string }>(sql`
      select table_name as table, column_name as column from information_schema.columns
      where table_schema = 'public' and data_type = 'bytea' and table_name not in ('vault_keys', 'rate_windows', 'invitations')
        and column_name <> 'token_hash'`);
    const found: [string, Buffer][] = [];
    for (const { table, column } of columns) {
      const values = await owner.execute<{ value: Buffer }>(
        sql`select ${sql.identifier(column)} as value from ${sql.identifier(table)} where length(${sql.identifier(column)}) > 0`,
      );
      found.push(...values.map(({ value }): [string, Buffer] => [`${table}.${column}`, value]));
    }
    return found;
  } finally {
    await disconnect(owner);
  }
}

/**
 * The places whose bytes are in some file, after everything was written to disk. Files of other databases are left
 * out, and so is the write-ahead log unless it is asked for.
 */
export async function placesOnDisk(
  wanted: readonly [place: string, value: Buffer][],
  { log = false, url }: { log?: boolean; url?: string } = {},
): Promise<string[]> {
  const owner = connectAsOwner(url);
  const [at] = await owner.execute<{ folder: string; own: string }>(sql`
    select current_setting('data_directory') as folder,
      (select oid::text from pg_database where datname = current_database()) as own`);
  await owner.execute(sql`checkpoint`);
  await disconnect(owner);
  const found = new Set<string>();
  for (const path of filesIn(at?.folder ?? "", (name) => isOurs(name, at?.own ?? "", log))) {
    const content = readIfThere(path);
    for (const [place, value] of wanted) if (content.includes(piece(value))) found.add(place);
  }
  return [...found].toSorted();
}

/** A long value lies in chunks of 1,996 bytes; so much of it always lies in one. */
const piece = (value: Buffer) => value.subarray(0, 64);

const isOurs = (name: string, own: string, log: boolean) =>
  (log || name !== "pg_wal") && (!/^base\/\d+$/u.test(name) || name === `base/${own}`);

function filesIn(folder: string, keep: (name: string) => boolean, under = ""): string[] {
  return readdirSync(join(folder, under), { withFileTypes: true }).flatMap((entry) => {
    const name = join(under, entry.name);
    if (!keep(name)) return [];
    return entry.isDirectory() ? filesIn(folder, keep, name) : [join(folder, name)];
  });
}

/** The server removes files while we read. */
function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
}
