/** Which kind of backup this installation takes. */

import { env } from "#db/env.ts";

/** `log`: base backups and the write-ahead log of the embedded database. `export`: the portable export, where the database is elsewhere (DATABASE_URL). `none`: switched off. */
export function backupMode(): "log" | "export" | "none" {
  if (env.BACKUP_DAYS === 0) return "none";
  return env.DATABASE_URL === undefined ? "log" : "export";
}
