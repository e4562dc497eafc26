/**
 * Two clocks, and which one counts.
 *
 * - The application's, passed in as `now: Date`, for days and records: received_at, closed_at, the day by which we
 *   reply, erasures, and limits counted by the minute, hour or day (requests per network, mails per address,
 *   failed sign-ins). One act carries one moment, and a test can say which.
 * - The database's, `databaseNow`, for what processes hold against each other: leases and due times of mails,
 *   staff sessions, invitations, mails per second, which processes run. Clocks of several machines differ by
 *   seconds; a lease judged by two of them would be held twice.
 */

import { sql } from "drizzle-orm";

/**
 * The moment at which the database got this statement; as SQL text for hand-written statements. Not `now()`: that is
 * when the transaction began, which may have waited for a lock since. Not `clock_timestamp()`: it changes
 * from row to row, so that no index can be used for it.
 */
export const databaseNowSql = "statement_timestamp()";

/** `databaseNowSql` for drizzle. */
export const databaseNow = sql.raw(databaseNowSql);
