/** Taking the sample away, at one press: its invented rows by their marks, and no other row. */

import { type SQL, sql } from "drizzle-orm";
import { lockImports } from "#analytics/imports/import.ts";
import { dropUnusedBids, findSameBids } from "#analytics/spend/bids.ts";
import { recount } from "#analytics/spend/recount.ts";
import { withdrawSampleContent } from "#api/content-files/remove-sample.ts";
import { sampleLeads, sampleStaff } from "#api/readiness/sample-marks.ts";
import { answered } from "#api/readiness/states.ts";
import { changeSettings, type RowKey, writeRows } from "#api/settings/changes.ts";
import { answers } from "#api/settings/sections.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import type { Transaction } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { readinessWords as say } from "#db/words/staff/readiness.ts";
import { addressIndex } from "#emails/addresses.ts";
import { sampleReaderAddresses } from "#emails/newsletters/sample.ts";

/** How many of each were taken away. */
export interface Removed {
  cases: number;
  leads: number;
  landings: number;
  readers: number;
  newsletters: number;
  /** Texts of invented entries, which stay as drafts. */
  texts: number;
  surveys: number;
  /** Quarters with invented numbers. */
  quarters: number;
}

/**
 * Takes away every invented row that `loadSample` made and what staff wrote into invented cases, in one transaction;
 * from then on the sample's values are shown nowhere (stage `own`). Real rows stay, also a case in which a real family's
 * request and an invented one meet. Throws Refused until the nine answers are given, and when there is nothing to take.
 */
export async function removeSample(staff: Staff, now = new Date()): Promise<Removed> {
  allow(staff, "manager");
  return changeSettings(async (tx, rows) => {
    const left = answers.length - answered(rows);
    if (left > 0) throw new Refused(say.answersFirst(left));
    const isShown = (rows.get("stage") ?? "sample") === "sample";
    const removed = await removeRows(tx, now);
    if (!isShown && Object.values(removed).every((count) => count === 0)) throw new Refused(say.noSample);
    const next = new Map<RowKey, unknown>(isShown ? [["stage", "own"]] : []);
    const { setId } = await writeRows(tx, rows, next, { by: staff, how: "sample_removed", now });
    await audit(tx, staff, "remove", "sample", setId, { ...removed });
    return removed;
  });
}

async function removeRows(tx: Transaction, now: Date): Promise<Removed> {
  // Calls that invented staff have taken get the sample's own mark first: the database deletes by it alone.
  await tx.execute(sql`update leads set channel = 'sample' where channel <> 'sample' and id in ${sampleLeads}`);
  const cases = await idsOf(
    tx,
    sql`select c.case_id as id from consultations c join leads l on l.id = c.lead_id
      group by c.case_id having bool_and(l.channel = 'sample')`,
  );
  const leads = await idsOf(
    tx,
    sql`select l.id from leads l where l.channel = 'sample' and not exists (
      select from consultations c where c.lead_id = l.id and c.case_id not in ${cases.list})`,
  );
  await removeCases(tx, cases.list, leads.list);
  const landings = await countOf(tx, sql`delete from clicks where sample`);
  await removeCost(tx);
  const readers = await removeReaders(tx);
  const newsletters = await removeNewsletters(tx);
  await removeStaff(tx, now);
  const texts = await withdrawSampleContent(tx);
  const surveys = await countOf(tx, sql`delete from surveys where is_sample`);
  const quarters = await countOf(tx, sql`delete from published_quarters where is_sample`);
  return { cases: cases.count, leads: leads.count, landings, readers, newsletters, texts, surveys, quarters };
}

/** The ids that a query finds, as a list for `in`. */
async function idsOf(tx: Transaction, query: SQL): Promise<{ list: SQL; count: number }> {
  const rows = await tx.execute<{ id: string }>(query);
  const ids = rows.map(({ id }) => sql`${id}::uuid`);
  return { list: ids.length === 0 ? sql`(null::uuid)` : sql`(${sql.join(ids, sql`, `)})`, count: ids.length };
}

async function countOf(tx: Transaction, statement: SQL): Promise<number> {
  return (await tx.execute(sql`${statement} returning 1`)).length;
}

/** Cases with all that belongs to them, and the leads: what refers to a row goes before it. */
async function removeCases(tx: Transaction, cases: SQL, leads: SQL): Promise<void> {
  await tx.execute(sql`select delete_sample_records(array(select id from cases where id in ${cases}))`);
  await tx.execute(sql`delete from staff_notices where case_id in ${cases}`);
  await tx.execute(sql`
    delete from deliveries where lead_id in ${leads}
      or grant_id in (select id from download_grants where lead_id in ${leads})
      or about_message_id in (select id from messages where case_id in ${cases})`);
  for (const table of ["messages", "assignments", "case_reads", "closures", "briefs", "drafts", "form_keys"])
    await tx.execute(sql`delete from ${sql.raw(table)} where case_id in ${cases}`);
  for (const table of ["consultations", "reminders", "entries"])
    await tx.execute(sql`delete from ${sql.raw(table)} where case_id in ${cases}`);
  await tx.execute(sql`delete from cases where id in ${cases}`);
  await tx.execute(sql`delete from download_grants where lead_id in ${leads}`);
  await tx.execute(sql`delete from leads where id in ${leads}`);
}

/** The invented advertising report. What counts of other files is as if it had never been. */
async function removeCost(tx: Transaction): Promise<void> {
  await lockImports(tx);
  const imports = await tx.execute<{ no: number; account: string }>(
    sql`select no, account from ad_imports where file_hash = 'sample'`,
  );
  for (const { no, account } of imports) {
    for (const table of ["ad_spend", "search_terms"])
      await tx.execute(sql`delete from ${sql.raw(table)} where import_no = ${no}`);
    await tx.execute(sql`delete from ad_imports where no = ${no}`);
    await dropUnusedBids(tx, account);
    await findSameBids(tx, account);
    await recount(tx, account);
  }
}

async function removeReaders(tx: Transaction): Promise<number> {
  const marks = sampleReaderAddresses.map((address) => sql`${addressIndex(address)}::bytea`);
  const readers = await idsOf(tx, sql`select id from subscribers where email_index in (${sql.join(marks, sql`, `)})`);
  for (const table of ["subscriptions", "deliveries"])
    await tx.execute(sql`delete from ${sql.raw(table)} where subscriber_id in ${readers.list}`);
  await tx.execute(sql`delete from subscribers where id in ${readers.list}`);
  return readers.count;
}

/** Issues by invented staff, but for one that was sent to real readers. */
async function removeNewsletters(tx: Transaction): Promise<number> {
  const issues = await idsOf(
    tx,
    sql`select n.id from newsletters n where n.author_id in ${sampleStaff} and not exists (
      select from deliveries d where d.newsletter_id = n.id and d.subscriber_id is not null)`,
  );
  await tx.execute(sql`delete from deliveries where newsletter_id in ${issues.list}`);
  await tx.execute(sql`delete from newsletters where id in ${issues.list}`);
  return issues.count;
}

/** Invented staff with their drafts and absences; whom a real row names stays, disabled. No real case stays theirs. */
async function removeStaff(tx: Transaction, now: Date): Promise<void> {
  const at = now.toISOString();
  for (const table of ["briefs", "reminders"])
    await tx.execute(sql`delete from ${sql.raw(table)} where written_by in ${sampleStaff}`);
  await tx.execute(
    sql`update assignments set ended_at = ${at}::timestamptz where ended_at is null and staff_id in ${sampleStaff}`,
  );
  await tx.execute(sql`delete from absences where staff_id in ${sampleStaff}`);
  await tx.execute(sql`delete from drafts where staff_id in ${sampleStaff}`);
  await tx.execute(sql`select remove_sample_staff(sample.id, ${at}::timestamptz) from ${sampleStaff} as sample(id)`);
}
