/** Finding one reader: by the exact address alone, through its blind index. */

import { eq } from "drizzle-orm";
import { allow, audit, type Staff } from "#db/actor.ts";
import { db, type Executor } from "#db/client.ts";
import { Invalid, NotFound } from "#db/errors.ts";
import { isId } from "#db/random/ids.ts";
import { subscribers } from "#db/schema/mail.ts";
import type { Role } from "#db/terms/staff.ts";
import { readerWords } from "#db/words/staff/readers.ts";
import { findReader } from "#emails/lists/erase.ts";

/** Who answers readers. A fundraiser may never learn here whether an address belongs to a family: only readers are asked about. */
export const readerRoles: readonly Role[] = ["manager", "fundraiser"];

/**
 * The id of the reader with this address, in any spelling. Asked for and found or not, it is audited, without the address.
 * Throws Invalid at `email` for somebody who is no reader, whoever else they may be; Forbidden.
 */
export async function searchReader(staff: Staff, address: string): Promise<string> {
  allow(staff, ...readerRoles);
  const found = await findReader(address);
  await audit(db, staff, "search", "subscriber", found?.id ?? null, { found: found !== undefined });
  if (!found) throw new Invalid({ email: readerWords.notFound });
  return found.id;
}

/** The row of a reader who is not erased, locked until the transaction ends. Throws Forbidden, NotFound. */
export async function lockReader(tx: Executor, staff: Staff, id: string) {
  allow(staff, ...readerRoles);
  if (!isId(id)) throw new NotFound("reader");
  const [row] = await tx.select().from(subscribers).where(eq(subscribers.id, id)).for("update");
  if (!row || row.wrappedKey === null) throw new NotFound("reader");
  return row;
}
