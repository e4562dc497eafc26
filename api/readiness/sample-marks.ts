/** Which rows are the invented sample's. By these marks they are taken away, and a row without one never is. */

import { sql } from "drizzle-orm";

/** Invented staff: they have no password and cannot sign in, so whatever they did, the sample did. */
export const sampleStaff = sql`(select id from staff where email ~ '^sample-staff-[0-9]+@example\\.jp$')`;

/** Leads of the sample: those of its channel, and the calls that its invented staff have taken. */
export const sampleLeads = sql`(
  select l.id from leads l where l.channel = 'sample'
  union
  select c.lead_id from consultations c
  join audit_events a on a.noun = 'case' and a.action = 'receive' and a.noun_id = c.case_id::text
  where a.staff_id in ${sampleStaff})`;
