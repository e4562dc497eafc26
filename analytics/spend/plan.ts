/** How PostgreSQL plans statements over lines inserted in the same transaction. */

import { sql } from "drizzle-orm";
import type { Executor } from "#db/client.ts";

/**
 * Until the end of the transaction. The planner has no statistics of lines that were inserted a moment ago and takes
 * them for a handful: nested loops over 200,000 of them took more than ten minutes. Imports come one at a time, so
 * that more memory for sorting is taken once only.
 */
export const planForManyRows = (tx: Executor) =>
  tx.execute(sql`
    select set_config('enable_nestloop', 'off', true), set_config('jit', 'off', true), set_config('work_mem', '64MB', true)`);
