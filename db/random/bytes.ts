/** Random bytes from the system, fetched eight kilobytes at a time: a tenth of an intake was spent asking. */

import { randomFillSync } from "node:crypto";

const pool = Buffer.alloc(8192);
let used = pool.length;

/** So many bytes fit for keys. They leave the pool as they are given out. */
export function pooledRandomBytes(count: number): Buffer {
  if (used + count > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const given = Buffer.from(pool.subarray(used, used + count));
  pool.fill(0, used, used + count);
  used += count;
  return given;
}
