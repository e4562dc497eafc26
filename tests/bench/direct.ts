/**
 * The floor that intake is compared with: the same statement sent straight through postgres.js from
 * a process of its own, with ready-made bytes in place of sealing. Prints one JSON line.
 */

import { randomBytes } from "node:crypto";
import { storeConsultation } from "#api/intake/receive.ts";
import { newReference } from "#api/intake/reference.ts";
import { connect, disconnect } from "#db/client.ts";
import { joinCluster } from "#db/cluster/cluster.ts";
import { env } from "#db/env.ts";
import { newId } from "#db/random/ids.ts";
import { measure } from "./load.ts";

const [lanes = 16, seconds = 8] = process.argv.slice(2).map(Number);
const cluster = await joinCluster(env.DATA_DIR);
connect(cluster.url, { pool: lanes });

const sealed = randomBytes(420);
const wrapped = randomBytes(65);

function values(): Parameters<typeof storeConsultation>[0] {
  const now = new Date();
  const mails = [newId(), newId()];
  return {
    lead_id: newId(),
    channel: "api",
    reference: newReference(),
    now: now.toISOString(),
    locale: "ja",
    click_id: null,
    idempotency_hmac: randomBytes(32),
    body_hmac: randomBytes(32),
    spam_score: 0,
    network: randomBytes(32),
    minute: Math.floor(now.getTime() / 60_000),
    per_minute: 1_000_000,
    case_id: newId(),
    wrapped_key: wrapped,
    consultation_id: newId(),
    promise_id: newId(),
    relation: null,
    topics: ["schooling"],
    school_stage: null,
    municipality: null,
    heard_from: null,
    reply_by: "email",
    reply_by_date: "2026-11-27",
    contact: sealed,
    message: sealed,
    email_index: randomBytes(32),
    phone_index: null,
    consent: "consent",
    mail_ids: mails,
    mail_kinds: ["receipt", "staff_notice"],
    mail_message_ids: mails.map((id) => `<${id}@example.jp>`),
    receipt_code_hash: randomBytes(32),
    receipt_code: randomBytes(43),
    receipt_key: randomBytes(32),
    receipt_hours: 1,
    receipt_most: 3,
    receipt_most_each: null,
    over_limit: "",
  };
}

const measured = await measure(lanes, seconds, async () => {
  await storeConsultation(values());
});
process.stdout.write(`${JSON.stringify(measured)}\n`);
await disconnect();
await cluster.leave();
