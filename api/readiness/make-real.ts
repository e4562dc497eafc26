/** Confirming what no program can see, and the switch 「これは本物です」. */

import { changeSettings, type confirmations, type RowKey, writeRows } from "#api/settings/changes.ts";
import { allow, audit, type Staff } from "#db/actor.ts";
import { Refused } from "#db/errors.ts";
import { readinessWords as say } from "#db/words/staff/readiness.ts";
import { missingForReal } from "./missing.ts";

/** Somebody says that they have done it: the key of the vault is noted, or one manager is enough. Done twice is the same success. */
export async function confirm(staff: Staff, what: (typeof confirmations)[number], now = new Date()): Promise<void> {
  allow(staff, "manager");
  await changeSettings(async (tx, rows) => {
    const { setId, keys } = await writeRows(tx, rows, new Map([[what, true]]), { by: staff, how: "edit", now });
    if (keys.length > 0) await audit(tx, staff, "confirm", "settings", setId, { what });
  });
}

/**
 * Families may come: search engines are let in and mail leaves for everybody. Throws Refused with every sentence of
 * `missingForReal` while anything is missing, and when it is real already.
 */
export async function makeReal(staff: Staff, { origin, now = new Date() }: { origin?: string; now?: Date } = {}) {
  allow(staff, "manager");
  await changeSettings(async (tx, rows) => {
    if (rows.get("stage") === "real") throw new Refused(say.isReal);
    const missing = await missingForReal(tx, origin === undefined ? {} : { origin });
    if (missing.length > 0) throw new Refused(say.notYet(missing.map(({ sentence }) => sentence).join("")));
    const next = new Map<RowKey, unknown>([["stage", "real"]]);
    const { setId } = await writeRows(tx, rows, next, { by: staff, how: "made_real", now });
    await audit(tx, staff, "make_real", "settings", setId);
  });
}
