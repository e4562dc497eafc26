/**
 * The floor that intake is compared with: the same statement sent straight through postgres.js from
 * a process of its own, with ready-made bytes in place of sealing. Prints one JSON line.
 */

import { randomBytes } from "node:crypto";
import { receiveSql } from "#api/intake/receive.ts";
import { newReference } from "#api/intake/reference.ts";
import { connect, disconnect, statement } from "#db/client.ts";
import { joinCluster } from "#db/cluster/cluster.ts";
import { env } from "#db/env.ts";
import { newId } from "#db/random/ids.ts";
import { measure } from "./load.ts";

const [lanes = 16, seconds = 8] = process.argv.slice(2).map(Number);
const cluster = await joinCluster(env.DATA_DIR);
connect(cluster.url, { pool: lanes });

const sealed = randomBytes(420);
const wrapped = randomBytes(65);

function values(): unknown[] {
  const now = new Date();
  const mails = [newId(), newId()];
  const caseId = newId();
  return [
    ...[newId(), "api", newReference(), now.toISOString(), "ja", null, randomBytes(32), randomBytes(32), 0],
    ...[randomBytes(32), Math.floor(now.getTime() / 60_000), 1_000_000, caseId, wrapped, newId()],
    ...[null, ["schooling"], null, null, null, "email", "2026-11-27", sealed, sealed, randomBytes(32), null, "consent"],
    ...[mails, ["receipt", "staff_notice"], mails.map((id) => `<${id}@example.jp>`), randomBytes(32), randomBytes(43)],
    ...[randomBytes(32), 1, 3, null, ""],
  ];
}

const measured = await measure(lanes, seconds, async () => {
  await statement(receiveSql, values());
});
process.stdout.write(`${JSON.stringify(measured)}\n`);
await disconnect();
await cluster.leave();
