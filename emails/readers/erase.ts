/** Erasing a reader who asks for it. */

import type { Staff } from "#db/actor.ts";
import { transaction } from "#db/client.ts";
import { eraseReaderIn } from "#emails/lists/erase.ts";
import { removeMailFiles } from "#emails/mail-files.ts";
import { lockReader } from "./find.ts";

/** Erases the address with its key and index; the consent stays as proof of nobody, and what suppresses the address stays (emails/lists/erase.ts). Throws Forbidden, NotFound. */
export async function eraseReaderOnRequest(staff: Staff, id: string, now = new Date()): Promise<void> {
  const files = await transaction(async (tx) => {
    await lockReader(tx, staff, id);
    return eraseReaderIn(tx, id, { reason: "request", by: staff, now });
  });
  removeMailFiles(files);
}
