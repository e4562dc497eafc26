/** Column kinds shared by the tables. */
import { customType, timestamp, uuid } from "drizzle-orm/pg-core";
import { v7, validate } from "uuid";
import { randomOctets } from "../random.ts";

/** Raw bytes: sealed text, wrapped keys, blind indexes. */
export const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "bytea" });

/** UTC instant; people think of it in Asia/Tokyo. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** Time-ordered identifier, made by us because sealed columns are bound to it before the insert. */
export const newId = (at?: number): string => v7({ random: randomOctets(16), ...(at !== undefined && { msecs: at }) });

/** Whether text from a URL can be an id at all. */
export const isId = validate;

export const id = () =>
  uuid("id")
    .primaryKey()
    .$defaultFn(() => newId());
