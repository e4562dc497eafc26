/** Forgetting on time: what is kept for a while only. */
import { lt, sql } from "drizzle-orm";
import { db } from "#db/client.ts";
import { log, traceOf } from "#db/log.ts";
import { rateWindows } from "#db/schema/leads.ts";
import { forgetShownCodes } from "./receipt-codes.ts";
import { staffRateLimits, staffSessions, staffVerifications } from "#db/schema/staff.ts";

/** Deletes counters older than a day, sessions and codes past their end, and receipt codes nobody wrote down in time. */
export async function sweep(now = new Date()): Promise<void> {
  await forgetShownCodes(now);
  const yesterday = now.getTime() - 86_400_000;
  await db.delete(rateWindows).where(lt(rateWindows.minute, Math.floor(yesterday / 60_000)));
  await db.delete(staffSessions).where(lt(staffSessions.expiresAt, sql`${now.toISOString()}::timestamptz`));
  await db.delete(staffVerifications).where(lt(staffVerifications.expiresAt, sql`${now.toISOString()}::timestamptz`));
  await db.delete(staffRateLimits).where(lt(staffRateLimits.lastRequest, yesterday));
}

/** Sweeps now and every hour; returns how to stop. */
export function startSweeping(): () => void {
  const run = () => void sweep().catch((error: unknown) => log("sweep.failed", traceOf(error)));
  run();
  const timer = setInterval(run, 3_600_000);
  timer.unref();
  return () => clearInterval(timer);
}
