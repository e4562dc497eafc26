/** Column kinds shared by the tables. */
import { customType, timestamp, uuid } from "drizzle-orm/pg-core";
import { v7, validate } from "uuid";
import { randomOctets } from "../random.ts";

/** Raw bytes: sealed text, wrapped keys, blind indexes. */
export const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "bytea" });

/** UTC instant; people think of it in Asia/Tokyo. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

let latest = { msecs: 0, seq: 0 };

/**
 * Time-ordered identifier (UUID version 7), made by us because sealed columns are bound to it before
 * the insert. Those of one process ascend, also within a millisecond, so that pages can go by id.
 */
export function newId(at?: number): string {
  const random = randomOctets(16);
  if (at !== undefined) return v7({ msecs: at, random });
  const msecs = Math.max(Date.now(), latest.msecs);
  const seq = msecs === latest.msecs ? latest.seq + 1 : random.readUInt32BE(0) >>> 1;
  latest = { msecs, seq };
  return v7({ ...latest, random });
}

/** Whether text from a URL can be an id at all. */
export const isId = validate;

export const id = () =>
  uuid("id")
    .primaryKey()
    .$defaultFn(() => newId());
