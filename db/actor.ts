/** Staff, and what every staff verb does: check the role (`allow`) and write the audit trail (`audit`). */

import { auditEvents } from "#db/schema/staff.ts";
import type { AuditAction, AuditNoun } from "#db/terms/audit.ts";
import type { Role } from "#db/terms/staff.ts";
import type { Executor } from "./client.ts";
import { Forbidden } from "./errors.ts";

/** A signed-in member of staff. */
export interface Staff {
  id: string;
  name: string;
  email: string;
  role: Role;
}

/** Throws Forbidden unless the member of staff has one of the roles. */
export function allow(staff: Staff, ...roles: Role[]): void {
  if (!roles.includes(staff.role)) throw new Forbidden(`${staff.role} may not`);
}

/** One line of the audit trail, inside the caller's transaction. `detail` holds codes and ids, never words. */
export async function audit<Noun extends AuditNoun>(
  tx: Executor,
  staff: Pick<Staff, "id"> | null,
  action: AuditAction<NoInfer<Noun>>,
  noun: Noun,
  nounId: string | null,
  detail: Record<string, string | number | boolean | null> = {},
): Promise<void> {
  await tx.insert(auditEvents).values({ staffId: staff?.id ?? null, action, noun, nounId, detail });
}
