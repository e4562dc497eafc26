/** Whether a form is about somebody or something that was erased: then nothing of it is kept. */

import { and, eq, isNotNull } from "drizzle-orm";
import type { Executor } from "#db/client.ts";
import { isId } from "#db/random/ids.ts";
import { content } from "#db/schema/content.ts";
import { subscribers } from "#db/schema/mail.ts";
import type { UnsentForm } from "./unsent.ts";

/**
 * By the beginning of a path: whether what it names is there, locked until the transaction ends, so that an erasure either
 * finds the draft or is seen here. A family's words lie under the key of its case, which is locked where they are sealed (save.ts).
 */
const nouns: readonly { path: RegExp; lock: (tx: Executor, id: string) => Promise<unknown[]> }[] = [
  {
    path: /^\/staff\/newsletters\/readers\/([^/]+)/u,
    lock: (tx, id) => {
      const isThere = and(eq(subscribers.id, id), isNotNull(subscribers.wrappedKey));
      return tx.select({ id: subscribers.id }).from(subscribers).where(isThere).for("share");
    },
  },
  {
    path: /^\/staff\/content\/[^/]+\/([^/]+)/u,
    lock: (tx, id) => tx.select({ id: content.id }).from(content).where(eq(content.id, id)).for("share"),
  },
];

/** Whether the form, or the page that shows it, is of a reader or an entry that is not there any more. */
export async function isErased(tx: Executor, { form, page }: Pick<UnsentForm, "form" | "page">): Promise<boolean> {
  for (const { path, lock } of nouns) {
    const ids = new Set([form, page].map((one) => path.exec(one)?.[1] ?? "").filter(isId));
    for (const id of ids) if ((await lock(tx, id)).length === 0) return true;
  }
  return false;
}
