/** The rate limit INTAKE_PER_MINUTE of public forms. Requests for help are counted inside `storeConsultation` (api/intake/receive.ts). */

import { sql } from "drizzle-orm";
import type { Executor } from "#db/client.ts";
import { env } from "#db/env.ts";
import { TooMany } from "#db/errors.ts";
import { rateWindows } from "#db/schema/rate-limits.ts";
import { blindIndex } from "#db/vault/blind-index.ts";
import type { RequestOrigin } from "./request-origin.ts";

/** Counts one request of this scope for the network and minute, in the caller's transaction. Throws TooMany above the limit. */
export async function countAgainstLimit(
  tx: Executor,
  scope: "download" | "subscription" | "message" | "preview",
  { network, now }: Pick<RequestOrigin, "network" | "now">,
): Promise<void> {
  const minute = Math.floor(now.getTime() / 60_000);
  const [row] = await tx
    .insert(rateWindows)
    .values({ network: blindIndex("network", network), scope, minute, count: 1 })
    .onConflictDoUpdate({
      target: [rateWindows.network, rateWindows.scope, rateWindows.minute],
      set: { count: sql`${rateWindows.count} + 1` },
    })
    .returning({ count: rateWindows.count });
  if ((row?.count ?? 0) > env.INTAKE_PER_MINUTE) throw new TooMany(60 - now.getUTCSeconds());
}
