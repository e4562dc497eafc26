/** What the drills of backups share: an installation with backups outside its data directory, and families who note when they were answered. */

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { connect, db, disconnect } from "#db/client.ts";
import { env } from "#db/env.ts";
import { openVault, unseal, unwrap } from "#db/vault/vault.ts";
import { newKey } from "../../api/restore/installation.ts";
import { intakeRequest, Lane } from "../../bench/load.ts";
import type { Stage } from "./stage.ts";

/** Keys come from the environment, and lie in no folder that can be lost. */
export function keepBackups(stage: Stage): void {
  Object.assign(stage.variables, {
    ...{ BACKUP_DIR: join(stage.folder, "backups"), BACKUP_DAYS: "35" },
    ...{ VAULT_KEY: newKey(), BACKUP_KEY: newKey() },
  });
}

/** A request that was answered with 201. */
export interface Answered {
  reference: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** Asks one after the other until `isOver`, as families who come while something goes on; whoever is not answered is not counted. */
export async function askUntil(port: number, isOver: () => boolean, pauseMs = 20): Promise<Answered[]> {
  const lane = new Lane(port);
  const answered: Answered[] = [];
  for (let n = 0; !isOver(); n++) {
    const request = intakeRequest(`backup-${port}-${n}`, `見本の相談 ${n}`, `10.${n % 250}.${(n >> 8) % 250}.9`);
    const answer = await lane.ask(request).catch(() => undefined);
    if (answer?.status === 201)
      answered.push({ reference: (JSON.parse(answer.body) as { reference: string }).reference, at: Date.now() });
    await sleep(pauseMs);
  }
  lane.close();
  return answered;
}

/** The references that are stored, as answers give them. */
export async function storedReferences(stage: Stage): Promise<Set<string>> {
  const rows = await stage.withDatabase((owner) =>
    owner.execute<{ reference: string }>(sql`select reference from leads where reference is not null`),
  );
  return new Set(rows.map(({ reference }) => reference));
}

/** What the family with this reference wrote, opened with the stage's key; undefined where it is not there, or was erased. */
export async function openMessage(stage: Stage, reference: string): Promise<string | undefined> {
  Object.assign(env, { VAULT_KEY: stage.variables["VAULT_KEY"] });
  connect(stage.databaseUrl(), { pool: 1 });
  try {
    await openVault();
    const [row] = await db.execute<{ id: string; caseId: string; message: Buffer; wrapped: Buffer }>(sql`
      select c.id, k.id as "caseId", c.message, k.wrapped_key as wrapped
      from leads l join consultations c on c.lead_id = l.id join cases k on k.id = c.case_id
      where l.reference = ${reference} and k.wrapped_key is not null`);
    if (!row) return undefined;
    return unseal(unwrap(row.wrapped, "cases.wrapped_key", row.caseId), row.message, "consultations.message", row.id);
  } finally {
    await disconnect();
  }
}
