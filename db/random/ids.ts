/** Identifiers of rows: UUID version 7, made by us before the insert. */

import { v7, validate } from "uuid";
import { pooledRandomBytes } from "./bytes.ts";

let latest = { msecs: 0, seq: 0 };

/**
 * Time-ordered identifier (UUID version 7), made by us because sealed columns are bound to it before
 * the insert. Those of one process ascend, also within a millisecond, so that pages can go by id.
 */
export function newId(at?: number): string {
  const random = pooledRandomBytes(16);
  if (at !== undefined) return v7({ msecs: at, random });
  const msecs = Math.max(Date.now(), latest.msecs);
  const seq = msecs === latest.msecs ? latest.seq + 1 : random.readUInt32BE(0) >>> 1;
  latest = { msecs, seq };
  return v7({ ...latest, random });
}

/** Whether text from a URL can be an id at all. */
export const isId = validate;
