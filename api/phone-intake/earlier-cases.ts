/** What the page for a call shows beside its questions. */

import { inArray } from "drizzle-orm";
import { numberToDial } from "#api/intake/phone-numbers.ts";
import { search } from "#api/search/search.ts";
import { sideNoteOf } from "#api/side-notes/side-notes.ts";
import { type CaseRow, openRows } from "#api/today/rows.ts";
import { allow, type Staff } from "#db/actor.ts";
import { replyByDate } from "#db/calendar/calendar.ts";
import { transaction } from "#db/client.ts";
import { cases } from "#db/schema/cases.ts";
import { unwrap } from "#db/vault/vault.ts";
import { beganAt } from "./began-at.ts";

export interface CallPage {
  /** When the call came: when the page was opened, or of a draft when it was begun. */
  began: Date;
  /** YYYY-MM-DD (Asia/Tokyo) by which a call back or a mail would be due. */
  dueDay: string;
  /** Of the number: cases that were not erased, newest first. "none": no number was typed, "odd": what was typed cannot be one. */
  earlier: EarlierCase[] | "none" | "odd";
}

/** A case as lists show it, with what every reader must know; an empty text where there is nothing. */
export type EarlierCase = CaseRow & { sideNote: string };

/**
 * For managers and coordinators. `typed` is what lies in the form: a draft, or nothing. Names and first words of earlier
 * cases are opened, with one row in the audit trail for the whole list. A number is compared exactly, in any spelling,
 * with or without the country code.
 */
export async function openCallPage(staff: Staff, typed: Record<string, unknown>, now = new Date()): Promise<CallPage> {
  allow(staff, "manager", "coordinator");
  const began = beganAt(typed["began_at"], now);
  const phone = typeof typed["phone"] === "string" ? typed["phone"].trim() : "";
  return { began, dueDay: replyByDate(began), earlier: await earlierCases(staff, phone, now) };
}

async function earlierCases(staff: Staff, phone: string, now: Date): Promise<CallPage["earlier"]> {
  if (phone === "") return "none";
  const number = numberToDial(phone);
  if (number === undefined) return "odd";
  const { ids } = await search(staff, number);
  const rows = await openRows(staff, ids, "phone_intake", now);
  const notes = await sideNotesOf([...rows.keys()]);
  return ids.flatMap((id) => {
    const row = rows.get(id);
    return row ? [{ ...row, sideNote: notes.get(id) ?? "" }] : [];
  });
}

/** What whoever talks to the family now must know, by the case's id. */
async function sideNotesOf(ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  return transaction(async (tx) => {
    const found = await tx.select({ id: cases.id, key: cases.wrappedKey }).from(cases).where(inArray(cases.id, ids));
    const notes = new Map<string, string>();
    for (const { id, key } of found)
      if (key) notes.set(id, (await sideNoteOf(tx, id, unwrap(key, "cases.wrapped_key", id))).text);
    return notes;
  });
}
