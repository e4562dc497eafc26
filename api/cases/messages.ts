/** Messages between a family and staff after the first request. */

import { asc, eq } from "drizzle-orm";
import type { Executor } from "#db/client.ts";
import { messages } from "#db/schema/messages.ts";
import { staff as people } from "#db/schema/staff.ts";
import { type CaseKey, unseal } from "#db/vault/vault.ts";

/** All messages of a case, decrypted, oldest first. Without the key (an erased case) their words are empty. */
export async function messagesOf(tx: Executor, caseId: string, key: CaseKey | undefined) {
  const rows = await tx
    .select({ message: messages, by: people.name })
    .from(messages)
    .leftJoin(people, eq(people.id, messages.staffId))
    .where(eq(messages.caseId, caseId))
    .orderBy(asc(messages.id));
  return rows.map(({ message: { body, idempotencyHmac: _key, bodyHmac: _body, ...message }, by }) => ({
    ...message,
    by,
    words: key ? unseal(key, body, "messages.body", message.id) : "",
  }));
}
