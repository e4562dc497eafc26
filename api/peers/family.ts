/** What a peer is told of a family: their name as they wrote it, and a few codes. No message, no way to reach them. */

import { and, asc, eq, inArray } from "drizzle-orm";
import { isNotErased, visibleTo } from "#api/case-access/visible.ts";
import type { Contact } from "#api/cases/case.ts";
import { allow, type Staff } from "#db/actor.ts";
import type { Executor } from "#db/client.ts";
import { cases } from "#db/schema/cases.ts";
import { consultations } from "#db/schema/consultations.ts";
import { leads } from "#db/schema/leads.ts";
import type { CaseState } from "#db/terms/cases.ts";
import { type CaseKey, unseal, unwrap } from "#db/vault/vault.ts";

type Asked = typeof consultations.$inferSelect;

export interface Family {
  reference: string;
  state: CaseState;
  /** As the family wrote it; undefined when it gave none. */
  name: string | undefined;
  /** Where a professional works, and as what. */
  affiliation: string | undefined;
  relation: Asked["relation"];
  topics: string[];
  schoolStage: Asked["schoolStage"];
  municipality: Asked["municipality"];
  /** In which language the family wrote, and so wants to be spoken to. */
  locale: (typeof leads.$inferSelect)["locale"];
}

/**
 * The families of these cases by id, as far as this peer helps in them, with the keys of their cases. Erased ones are
 * left out. Of the sealed columns it reads the contact alone, and drops the address and the number at once. Codes are
 * those of the latest request. Throws Forbidden for every other role.
 */
export async function familiesOf(
  tx: Executor,
  peer: Staff,
  ids?: readonly string[],
): Promise<Map<string, { family: Family; key: CaseKey }>> {
  allow(peer, "peer");
  const rows = await tx
    .select({
      id: cases.id,
      state: cases.state,
      wrappedKey: cases.wrappedKey,
      reference: leads.reference,
      locale: leads.locale,
      consultationId: consultations.id,
      contact: consultations.contact,
      relation: consultations.relation,
      topics: consultations.topics,
      schoolStage: consultations.schoolStage,
      municipality: consultations.municipality,
    })
    .from(cases)
    .innerJoin(consultations, eq(consultations.caseId, cases.id))
    .innerJoin(leads, eq(leads.id, consultations.leadId))
    .where(and(visibleTo(peer), isNotErased, ids && inArray(cases.id, [...ids])))
    .orderBy(asc(leads.receivedAt));
  const byCase = Map.groupBy(rows, ({ id }) => id);
  return new Map(
    [...byCase].flatMap(([id, of]) => {
      const [first, latest] = [of[0], of.at(-1)];
      if (!first?.wrappedKey || !latest) return [];
      const key = unwrap(first.wrappedKey, "cases.wrapped_key", id);
      const named = of.map((row) => whoIn(row, key)).find(({ name }) => name !== undefined);
      const { relation, topics, schoolStage, municipality, locale } = latest;
      const family = {
        ...{
          reference: first.reference ?? "",
          state: first.state,
          relation,
          topics,
          schoolStage,
          municipality,
          locale,
        },
        ...(named ?? whoIn(latest, key)),
      };
      return [[id, { family, key }]];
    }),
  );
}

function whoIn({ contact, consultationId }: { contact: Buffer; consultationId: string }, key: CaseKey) {
  const all = JSON.parse(unseal(key, contact, "consultations.contact", consultationId)) as Contact;
  return { name: all.name?.trim() || undefined, affiliation: all.affiliation?.trim() || undefined };
}
