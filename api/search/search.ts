/** Finding a case by what somebody says on the phone: exactly, through indexes, without opening anything sealed. */

import { and, desc, eq, inArray, type SQL } from "drizzle-orm";
import { isNotErased, visibleTo } from "#api/case-access/visible.ts";
import { foldPhone } from "#api/intake/phone-numbers.ts";
import { normaliseReference } from "#api/intake/reference.ts";
import { allow, type Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { leads } from "#db/schema/leads.ts";
import { blindIndex } from "#db/vault/blind-index.ts";
import { addressIndex } from "#emails/addresses.ts";

/** What was typed can be: a reference, a telephone number, a mail address, or none of them. */
export type QueryKind = "reference" | "phone" | "email" | "other";

/** More than these share no address; the newest are shown. */
const mostHits = 50;

/**
 * The ids of the cases that this member of staff may see and that have exactly this reference (with or without dash,
 * in any width), telephone number or mail address, newest first. Peers find their own cases by reference alone: an
 * address or a number would tell them whether a family ever wrote. Erased cases are not found.
 */
export async function search(staff: Staff, typed: string): Promise<{ kind: QueryKind; ids: string[] }> {
  allow(staff, "manager", "coordinator", "peer");
  const kind = queryKindOf(typed);
  const condition = conditionOf(kind, typed);
  if (condition === undefined || (staff.role === "peer" && kind !== "reference")) return { kind, ids: [] };
  const rows = await db
    .select({ id: cases.id })
    .from(cases)
    .innerJoin(consultations, eq(consultations.caseId, cases.id))
    .innerJoin(leads, eq(leads.id, consultations.leadId))
    .where(and(condition, isNotErased, visibleTo(staff)))
    .orderBy(desc(leads.receivedAt))
    .limit(mostHits);
  return { kind, ids: [...new Set(rows.map(({ id }) => id))] };
}

/** By its shape. A reference of eight digits is one, since a telephone number has ten or more. */
export function queryKindOf(typed: string): QueryKind {
  if (typed.includes("@") || typed.includes("＠")) return "email";
  if (/^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$/u.test(normaliseReference(typed))) return "reference";
  return /^\+?\d{9,13}$/u.test(foldPhone(typed)) ? "phone" : "other";
}

function conditionOf(kind: QueryKind, typed: string): SQL | undefined {
  switch (kind) {
    case "reference":
      return eq(leads.reference, normaliseReference(typed));
    case "email":
      return eq(consultations.emailIndex, addressIndex(typed));
    case "phone":
      return inArray(
        consultations.phoneIndex,
        spellingsOf(foldPhone(typed)).map((number) => blindIndex("phone", number)),
      );
    case "other":
      return undefined;
  }
}

/** The number as it was typed, and with the country code in place of the leading zero or the other way round. */
const spellingsOf = (number: string): string[] => {
  if (number.startsWith("+81")) return [number, `0${number.slice(3)}`];
  return number.startsWith("0") ? [number, `+81${number.slice(1)}`] : [number];
};
