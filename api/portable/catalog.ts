/**
 * Tables and columns as a database has them, read from its catalogue: an export knows no schema of its own, and so fits every
 * version of the product. A row is text that PostgreSQL itself makes and reads again, so that nothing is rounded on the way.
 */

import { type SQL, sql } from "drizzle-orm";
import type { Executor } from "#db/client.ts";

export interface CatalogColumn {
  name: string;
  /** As `format_type` names it: "timestamp with time zone", "text[]". */
  type: string;
}

export interface CatalogTable {
  name: string;
  isUnlogged: boolean;
  /** In the table's own order, without generated ones. */
  columns: CatalogColumn[];
  /** Columns of the primary key; empty where there is none. */
  key: string[];
}

/** All tables of schema public, by name. */
export async function readTables(tx: Executor): Promise<CatalogTable[]> {
  const rows = await tx.execute<{ table: CatalogTable }>(sql`
    select jsonb_build_object('name', c.relname, 'isUnlogged', c.relpersistence = 'u',
      'columns', (select jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum)
        from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''),
      'key', (select coalesce(jsonb_agg(a.attname order by array_position(i.indkey::int2[], a.attnum)), '[]')
        from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey)
        where i.indrelid = c.oid and i.indisprimary)) as "table"
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and not exists (
      select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
    order by c.relname collate "C"`);
  return rows.map(({ table }) => table);
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Names that readers of JSON would round when they stood as numbers; as text they keep every digit. */
const exact = /^(?:bigint|numeric)/u;
const isJson = ({ type }: CatalogColumn) => type === "json" || type === "jsonb";

/** `,"name":value`. Of JSON columns, null stands for JSON's own null: where the database has none, the name is left out. */
function memberOf(column: CatalogColumn): string {
  const value = `t.${quoted(column.name)}`;
  const name = literal(`,${JSON.stringify(column.name)}:`);
  if (isJson(column)) return `coalesce(${name} || ${value}::text, '')`;
  const orNull = (text: string) => `${name} || coalesce(${text}, 'null')`;
  if (column.type === "bytea") return orNull(`'"' || translate(encode(${value}, 'base64'), E'\\n', '') || '"'`);
  if (exact.test(column.type)) return orNull(`'"' || ${value}::text || '"'`);
  return orNull(`to_json(${value})::text`);
}

/** A row of the table `t` as one line of JSON: bytes in base64, times in UTC with microseconds. Set `exactText` before. */
export const lineOf = ({ columns }: CatalogTable): SQL =>
  sql.raw(`('{' || substr(${columns.map(memberOf).join(" || ")}, 2) || '}') collate "C"`);

/** The same order in every database, whatever its collation; rows without a primary key by their line, the first column. */
export function orderOf({ columns, key }: CatalogTable): SQL {
  if (key.length === 0) return sql`1`;
  const isText = (name: string) => columns.some((column) => column.name === name && column.type === "text");
  return sql.raw(key.map((name) => `t.${quoted(name)}${isText(name) ? ' collate "C"' : ""}`).join(", "));
}

/** Inserts a JSON array of such rows, in all columns, also in numbered ones. */
export function insertOf({ name, columns }: CatalogTable, rows: string): SQL {
  const read = ({ name: column, type }: CatalogColumn) => `${quoted(column)} ${type === "bytea" ? "text" : type}`;
  const take = (column: CatalogColumn) => {
    if (isJson(column)) return `(j -> ${literal(column.name)})::${column.type}`;
    return column.type === "bytea" ? `decode(r.${quoted(column.name)}, 'base64')` : `r.${quoted(column.name)}`;
  };
  return sql`insert into ${sql.identifier(name)} (${sql.raw(columns.map((column) => quoted(column.name)).join(", "))})
    overriding system value select ${sql.raw(columns.map(take).join(", "))}
    from json_array_elements(${rows}::text::json) j, json_to_record(j) as r (${sql.raw(columns.map(read).join(", "))})`;
}

/** Lets this transaction write and read text in one way, and take its time. */
export async function exactText(tx: Executor): Promise<void> {
  for (const setting of [
    ...["timezone = 'UTC'", "datestyle = 'ISO, YMD'", "intervalstyle = 'postgres'", "extra_float_digits = 1"],
    ...["statement_timeout = 0", "idle_in_transaction_session_timeout = 0", "search_path = public"],
  ])
    await tx.execute(sql.raw(`set local ${setting}`));
}
