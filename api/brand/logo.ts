/** The organisation's logo: taken in as pixels of our own, shown while the setting `logo` names it. */

import { changeSettings, writeRows } from "#api/settings/changes.ts";
import { storedLogo, storeLogo } from "#api/uploads/store-logo.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { NotFound } from "#db/errors.ts";

/** Shows this file as the logo from now on. The one before stays stored, so that the change can be taken back. */
export async function saveLogo(staff: Staff, content: Buffer, now = new Date()): Promise<void> {
  allow(staff, "manager");
  await showLogo(staff, await storeLogo(content, staff, now), now);
}

/** From now on the name stands alone. */
export async function removeLogo(staff: Staff, now = new Date()): Promise<void> {
  allow(staff, "manager");
  await showLogo(staff, undefined, now);
}

const showLogo = (staff: Staff, id: string | undefined, now: Date) =>
  changeSettings(async (tx, rows) => {
    const { setId, keys } = await writeRows(tx, rows, new Map([["logo", id]]), { by: staff, how: "edit", now });
    if (keys.length > 0) await audit(tx, staff, "save", "settings", setId, { keys: "logo", how: "edit" });
  });

/** The PNG of a logo that was stored, for the pages of managers. Throws NotFound. */
export async function openLogo(staff: Staff, id: string): Promise<Buffer> {
  allow(staff, "manager");
  const content = await storedLogo(id);
  if (content === undefined) throw new NotFound("no such logo");
  return content;
}
