/** Whether the clocks agree. Codes of authenticator apps, sessions and leases of mails break when they do not. */

import { sql } from "drizzle-orm";
import { db } from "#db/client.ts";
import { doctorWords } from "#db/words/staff/doctor.ts";
import { type Check, ok, type Outside, todo, warn } from "./check.ts";

const say = doctorWords.clock;
const mostApartMs = 2000;

/** This machine's clock against the database's, and whether NTP keeps it right where the system says so. */
export async function clockChecks({ now, isClockKept }: Outside): Promise<Check[]> {
  const asked = now().getTime();
  const [row] = await db.execute<{ ms: number }>(
    sql`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`,
  );
  const answered = now().getTime();
  const theirs = row?.ms ?? Number.NaN;
  // Somewhere between question and answer the database read its clock.
  const apart = Math.max(0, asked - theirs, theirs - answered);
  const seconds = (apart / 1000).toFixed(1);
  return [
    apart <= mostApartMs ? ok("clock", say.ok(seconds)) : todo("clock", say.apart(seconds), say.apartAdvice),
    ...((await isClockKept()) === false ? [warn("clock.ntp", say.notSynchronised, say.notSynchronisedAdvice)] : []),
  ];
}
