/**
 * Makes the readers of the drill on newsletters, and a draft to them, in the installation of DATA_DIR. Prints its id, and of
 * those who will leave the subscriber and the token of the link. Usage: node tests/drill/frame/make-readers.ts READERS LEAVERS
 */

import { eq } from "drizzle-orm";
import { connect, db, disconnect } from "#db/client.ts";
import { joinCluster } from "#db/cluster/cluster.ts";
import { env } from "#db/env.ts";
import { subscriptions } from "#db/schema/mail.ts";
import { tokenForId } from "#db/vault/tokens.ts";
import { openVault } from "#db/vault/vault.ts";
import { makeDraft, makeReaders } from "../../many-readers.ts";

export interface MadeReaders {
  newsletterId: string;
  leavers: { subscriberId: string; token: string }[];
}

const [readers = 0, leavers = 0] = process.argv.slice(2).map(Number);
const cluster = await joinCluster(env.DATA_DIR);
connect(cluster.url);
await openVault();
const audience = await makeReaders(readers);
const newsletterId = await makeDraft(audience);
const rows = await db
  .select({ subscriberId: subscriptions.subscriberId, id: subscriptions.id })
  .from(subscriptions)
  .where(eq(subscriptions.listId, audience.listId))
  .orderBy(subscriptions.id);
// Spread over all: who is at the end of the queue leaves in time.
const step = Math.max(1, Math.floor(rows.length / Math.max(1, leavers)));
const leaving = Array.from({ length: leavers }, (_, n) => rows[n * step] ?? { subscriberId: "", id: "" });
const made: MadeReaders = {
  newsletterId,
  // By turns the link of a mail of today, which leaves its list, and that of a mail of before, which stops everything.
  leavers: leaving.map(({ subscriberId, id }, n) => ({
    subscriberId,
    token: n % 2 === 0 ? tokenForId("leave_list", id) : tokenForId("unsubscribe", subscriberId),
  })),
};
process.stdout.write(JSON.stringify(made));
await disconnect();
await cluster.leave();
process.exit(0);
