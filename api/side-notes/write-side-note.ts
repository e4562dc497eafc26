/** Writing what every reader of a case must know (必ず読む). */

import { lockCase } from "#api/case-access/lock.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { formatDateTime } from "#db/calendar/days.ts";
import { transaction } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { newId } from "#db/random/ids.ts";
import { sideNotes } from "#db/schema/side-notes.ts";
import { seal, unwrap } from "#db/vault/vault.ts";
import type { SideNoteForm } from "./forms.ts";
import { sideNoteOf } from "./side-notes.ts";

/**
 * Writes the note of a case in place of the one before, which stays sealed beneath it. An empty text takes it away; the
 * same text again changes nothing. Throws Refused, with who and when, if somebody wrote another note than the one in
 * `form.latest` meanwhile: the page then shows both texts.
 */
export async function writeSideNote(staff: Staff, caseId: string, form: SideNoteForm, now = new Date()): Promise<void> {
  allow(staff, "manager", "coordinator");
  await transaction(async (tx) => {
    const found = await lockCase(tx, staff, caseId);
    const key = unwrap(found.wrappedKey, "cases.wrapped_key", caseId);
    const before = await sideNoteOf(tx, caseId, key);
    const text = form.note.trim();
    if (text === before.text) return;
    if (before.by !== null && before.id !== form.latest)
      throw new Refused(
        `${before.by.name}さんが ${formatDateTime(before.by.at)} に「必ず読む」を${before.text === "" ? "消しました" : "書きかえました"}。いまの内容と、書いた内容を見くらべて、もう一度保存してください。書いた内容は残っています。`,
      );
    const id = newId();
    const body = seal(key, text, "side_notes.body", id);
    await tx.insert(sideNotes).values({ id, caseId, body, writtenBy: staff.id, writtenAt: now });
    await audit(tx, staff, "write_side_note", "case", caseId, { note: id, empty: text === "" });
  });
}
