/** The rows of a table as lines, read through a cursor, so that no more than a few megabytes are ever held. */

import { sql } from "drizzle-orm";
import type { Executor } from "#db/client.ts";
import { lineOf, orderOf, type CatalogTable } from "./catalog.ts";
import type { Opening } from "./open-copy.ts";

/** Bytes of rows that are asked for at once, as near as the rows before tell. */
const wantedBytes = 1024 * 1024;
const mostRows = 1000;

/** Chunks of whole lines; `onRows` hears how many each holds. With `opening`, what is sealed in them is opened. */
export async function* rowLines(
  tx: Executor,
  table: CatalogTable,
  { opening, onRows }: { opening?: Opening; onRows: (count: number) => void },
): AsyncGenerator<Buffer> {
  const keys = opening ? sql`, ${opening.columns}` : sql``;
  const joins = opening?.joins ?? sql``;
  await tx.execute(sql`declare exported no scroll cursor for
    select ${lineOf(table)} as line${keys} from ${sql.identifier(table.name)} t ${joins} order by ${orderOf(table)}`);
  for (let count = 10; ;) {
    const rows = await tx.execute<{ line: string }>(sql.raw(`fetch ${count} from exported`));
    if (rows.length === 0) break;
    const lines = rows.map((row) => `${opening ? opening.open(row) : row.line}\n`);
    const chunk = Buffer.from(lines.join(""));
    onRows(rows.length);
    yield chunk;
    count = Math.max(1, Math.min(mostRows, 2 * count, Math.floor((wantedBytes * rows.length) / chunk.length)));
  }
  await tx.execute(sql`close exported`);
}
