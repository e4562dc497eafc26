/** Mails that are files in DATA_DIR/outbox, as long as there is no mail server. Each names its recipient. */

import { rmSync } from "node:fs";
import { join } from "node:path";
import type { SQL } from "drizzle-orm";
import type { Executor } from "#db/client.ts";
import { env } from "#db/env.ts";
import { deliveries } from "#db/schema/mail.ts";

export const mailFolder = (): string => join(env.DATA_DIR, "outbox");

/** Where the mail of a delivery lies, and where it is written first. */
export function mailFile(folder: string, deliveryId: string): { path: string; draft: string } {
  const path = join(folder, `${deliveryId}.eml`);
  return { path, draft: `${path}.tmp` };
}

/** Ids of the deliveries whose mails may be files. */
export async function mailFilesOf(tx: Executor, which: SQL): Promise<string[]> {
  const rows = await tx.select({ id: deliveries.id }).from(deliveries).where(which);
  return rows.map(({ id }) => id);
}

/** Deletes the files of these deliveries. Call it after the commit, since a file cannot be rolled back. */
export function removeMailFiles(ids: readonly string[]): void {
  for (const id of ids) for (const path of Object.values(mailFile(mailFolder(), id))) rmSync(path, { force: true });
}
