/**
 * The wrapped data keys in the database, wherever they stand: every column of bytes whose name begins with "wrapped", by the
 * catalogue and not by a list, so that no table can be forgotten when the vault's key changes. In turn the types let
 * nothing be wrapped for a column of another name (sealed-places.ts).
 */

import { sql } from "drizzle-orm";
import { db, type Executor } from "#db/client.ts";
import type { WrappedKeyPlace } from "./sealed-places.ts";
import { rewrap } from "./vault.ts";

export interface WrappedKeyColumn {
  place: WrappedKeyPlace;
  table: string;
  column: string;
  /** The primary key, whose value is part of the additional data, and its type. */
  primaryKey: string;
  idType: string;
}

/** All of them. Throws where a table has no primary key of one column. */
export async function wrappedKeyColumns(tx: Executor = db): Promise<WrappedKeyColumn[]> {
  const rows = await tx.execute<Omit<WrappedKeyColumn, "place" | "primaryKey"> & { primaryKey: string | null }>(sql`
    select c.relname as "table", a.attname as "column", k.attname as "primaryKey", k.atttypid::regtype::text as "idType"
    from pg_attribute a join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p')
      left join pg_index i on i.indrelid = c.oid and i.indisprimary and i.indnkeyatts = 1
      left join pg_attribute k on k.attrelid = c.oid and k.attnum = i.indkey[0]
    where c.relnamespace = 'public'::regnamespace and a.atttypid = 'bytea'::regtype and a.attname like 'wrapped%'
    order by 1, 2`);
  return rows.map(({ primaryKey, ...found }) => {
    if (primaryKey === null) throw new Error(`${found.table} holds wrapped keys without a primary key of one column.`);
    return { ...found, primaryKey, place: `${found.table}.${found.column}` as WrappedKeyPlace }; // the list is tested against the catalogue
  });
}

/** SQL: id (hexadecimal) of the key with which a column's value was wrapped (cipher.ts); null where there is none. */
const wrappingKeyId = (column: string) => sql`encode(substring(${sql.identifier(column)} from 2 for 4), 'hex')`;

/** Ids (hexadecimal) of the keys that any row is wrapped with now. */
export async function keyIdsInUse(tx: Executor = db): Promise<string[]> {
  const ids = new Set<string>();
  for (const { table, column } of await wrappedKeyColumns(tx)) {
    const rows = await tx.execute<{ id: string | null }>(
      sql`select distinct ${wrappingKeyId(column)} as id from ${sql.identifier(table)}`,
    );
    for (const { id } of rows) if (id !== null) ids.add(id);
  }
  return [...ids];
}

const rowsAtOnce = 500;

/** Wraps a column's keys with the vault's key `id`, where they lie under another. Returns how many. */
export async function rewrapColumn(tx: Executor, of: WrappedKeyColumn, id: string): Promise<number> {
  const { place, idType } = of;
  const [name, wrapped, key] = [sql.identifier(of.table), sql.identifier(of.column), sql.identifier(of.primaryKey)];
  const rows = await tx.execute<{ id: string; wrapped: Buffer }>(
    sql`select ${key}::text as id, ${wrapped} as wrapped from ${name}
      where ${wrappingKeyId(of.column)} <> ${id}`,
  );
  let changed = 0;
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    const again = rows.slice(at, at + rowsAtOnce).map((row) => ({
      id: row.id,
      before: row.wrapped.toString("hex"),
      after: rewrap(row.wrapped, place, row.id, id).toString("hex"),
    }));
    // Only where it still stands: a family erased meanwhile must not come back.
    const updated = await tx.execute(
      sql`update ${name} as t set ${wrapped} = decode(again.after, 'hex')
        from json_to_recordset(${JSON.stringify(again)}::json) as again (id ${sql.raw(idType)}, before text, after text)
        where t.${key} = again.id and t.${wrapped} = decode(again.before, 'hex') returning 1`,
    );
    changed += updated.length;
  }
  return changed;
}
