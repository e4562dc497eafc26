/** Column kinds shared by the tables. */

import { customType, timestamp, uuid } from "drizzle-orm/pg-core";
import { newId } from "#db/random/ids.ts";

/** Raw bytes: sealed text, wrapped keys, blind indexes. */
export const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "bytea" });

/** UTC instant; people think of it in Asia/Tokyo. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const id = () =>
  uuid("id")
    .primaryKey()
    .$defaultFn(() => newId());
