/** Unsealing the addresses that deliveries point to. Each function throws NotFound when the key was erased. */

import { NotFound } from "#db/errors.ts";
import { unseal, unwrap } from "#db/vault/vault.ts";

/** The family's address from the sealed contact of a consultation; undefined when they gave none. */
export function familyAddress(row: {
  caseId: string;
  consultationId: string;
  wrappedKey: Buffer | null;
  contact: Buffer;
}): string | undefined {
  const key = unwrap(row.wrappedKey, "cases.wrapped_key", row.caseId);
  const contact = unseal(key, row.contact, "consultations.contact", row.consultationId);
  return (JSON.parse(contact) as { email?: string | null }).email ?? undefined;
}

/** The address of a row that holds its own wrapped key: a download grant or a subscriber. */
export function ownAddress(
  table: "download_grants" | "subscribers",
  row: { id: string; wrappedKey: Buffer | null; email: Buffer | null },
): string {
  const key = unwrap(row.wrappedKey, `${table}.wrapped_key`, row.id);
  if (row.email === null) throw new NotFound("erased");
  return unseal(key, row.email, `${table}.email`, row.id);
}
