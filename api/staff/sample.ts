/** Invented staff, who are there only to be named: they have no password and cannot sign in. */

import type { Executor } from "#db/client.ts";
import { newId } from "#db/random/ids.ts";
import { staff } from "#db/schema/staff.ts";

/** Ids of the invented staff, by role. */
export interface SampleStaff {
  coordinators: string[];
  peer: string;
  fundraiser: string;
}

/** Inserts two coordinators, a peer and a fundraiser. */
export async function insertSampleStaff(tx: Executor, now: Date): Promise<SampleStaff> {
  const rows = [
    { name: "見本 はるか", role: "coordinator" },
    { name: "見本 みどり", role: "coordinator" },
    { name: "見本 そら", role: "peer" },
    { name: "見本 あかり", role: "fundraiser" },
  ] as const;
  const added = rows.map((row, i) => ({
    ...row,
    id: newId(),
    email: `sample-staff-${i + 1}@example.jp`,
    createdAt: now,
  }));
  // Whom the audit trail names is there, disabled, since the sample was last taken away.
  const inserted = await tx
    .insert(staff)
    .values(added)
    .onConflictDoUpdate({ target: staff.email, set: { disabledAt: null } })
    .returning({ id: staff.id });
  const [first, second, peer, fundraiser] = inserted.map(({ id }) => id) as [string, string, string, string];
  return { coordinators: [first, second], peer, fundraiser };
}
