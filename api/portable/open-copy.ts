/** Opening what is sealed, for a copy to read. Which column is sealed with which key is read from the list of sealed places. */

import { type SQL, sql } from "drizzle-orm";
import { sealedPlaces, type TextPlace, type WrappedKeyPlace } from "#db/vault/sealed-places.ts";
import { unseal, unwrap } from "#db/vault/vault.ts";
import type { WrappedKeyColumn } from "#db/vault/wrapped-keys.ts";
import type { CatalogTable } from "./catalog.ts";

/** What has to be read beside a table's rows, and how a line is opened with it. */
export interface Opening {
  columns: SQL;
  joins: SQL;
  /** The line again, with plain text, or JSON where that was sealed, in the place of what was sealed; null of the erased. */
  open: (row: Record<string, unknown>) => string;
}

/** The names of a table's columns that hold sealed text, each with its key. */
function sealedColumns(table: CatalogTable, keys: readonly WrappedKeyColumn[]) {
  return Object.entries(sealedPlaces).flatMap(([place, { sealedWith }]) => {
    const [name = "", column = ""] = place.split(".");
    const key = keys.find((wrapped) => wrapped.place === sealedWith);
    if (name !== table.name || !key || !table.columns.some((known) => known.name === column)) return [];
    return [{ place: place as TextPlace<WrappedKeyPlace>, column, key }]; // Object.entries loses the keys' type
  });
}

/** Undefined when nothing in the table is sealed. `keys`: the columns of wrapped keys. */
export function openingOf(table: CatalogTable, keys: readonly WrappedKeyColumn[]): Opening | undefined {
  const sealed = sealedColumns(table, keys).map((each, no) => ({ ...each, no, ...referenceOf(table, each.key) }));
  const [rowId] = table.key;
  if (sealed.length === 0 || rowId === undefined) return undefined;
  const columns = sealed.map(({ no, key, column }) =>
    sql.raw(`
      k${no}."${key.column}" as "wrapped${no}", k${no}."${key.primaryKey}"::text as "key${no}", t."${column}" as "sealed${no}"`),
  );
  return {
    columns: sql.join([sql.raw(`t."${rowId}"::text as "rowId"`), ...columns], sql`, `),
    joins: sql.join(
      sealed.map(({ no, key, reference }) =>
        sql.raw(`left join "${key.table}" k${no} on k${no}."${key.primaryKey}" = t."${reference}"`),
      ),
      sql` `,
    ),
    open: (row) => {
      const opened = JSON.parse(row["line"] as string) as Record<string, unknown>;
      for (const { no, place, column, key } of sealed) {
        const [wrapped, bytes] = [row[`wrapped${no}`], row[`sealed${no}`]] as (Buffer | null)[];
        opened[column] =
          wrapped && bytes && bytes.length > 0 ? openOne(key.place, place, row, { no, wrapped, bytes }) : null;
      }
      return JSON.stringify(opened);
    },
  };
}

/** The column that leads to the row with the key: its own row's, "case_id" of "cases", or the key's primary key by its name. */
function referenceOf(table: CatalogTable, key: WrappedKeyColumn): { reference: string } {
  const names = table.name === key.table ? [key.primaryKey] : [`${key.table.replace(/s$/u, "")}_id`, key.primaryKey];
  const reference = names.find((name) => table.columns.some((column) => column.name === name));
  if (reference === undefined) throw new Error(`${table.name} has no column that leads to ${key.table}`);
  return { reference };
}

function openOne(
  keyPlace: WrappedKeyPlace,
  place: TextPlace<WrappedKeyPlace>,
  row: Record<string, unknown>,
  { no, wrapped, bytes }: { no: number; wrapped: Buffer; bytes: Buffer },
): unknown {
  const text = unseal(unwrap(wrapped, keyPlace, row[`key${no}`] as string), bytes, place, row["rowId"] as string);
  return text.startsWith("{") ? jsonOr(text) : text;
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
