/** An export in the place of the backups of which objects are not those that were written. */

import { randomBytes } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { exportToStore, storedExport } from "#api/backup/exports.ts";
import { importExport } from "#api/portable/import.ts";
import { openFolder } from "#db/backup/folder.ts";
import { env } from "#db/env.ts";
import { receive } from "../requests.ts";
import { emptyDatabase, newFolder } from "./installations.ts";

Object.assign(env, { BACKUP_KEY: randomBytes(32).toString("base64") });
const store = openFolder(newFolder());
const [older, newer] = ["20261101T000000Z", "20261102T000000Z"];
const objectOf = (id: string, name: string) => `exports/${id}/${name}/0000.part`;
const rows = "tables/consultations.jsonl";

const importing = async (id?: string) => importExport(await storedExport(store, id), { url: await emptyDatabase() });

/** Another bit in the content or, within the first bytes, in how it was sealed. */
async function alter(name: string, place = -3): Promise<void> {
  const bytes = await store.get(name);
  bytes.set([(bytes.at(place) ?? 0) ^ 1], (bytes.length + place) % bytes.length);
  await store.put(name, bytes);
}

beforeEach(async () => {
  await exportToStore(store, { now: new Date("2026-11-01T00:00:00Z") });
  await receive({ message: "あとの相談", reply_by: "none" });
  await exportToStore(store, { now: new Date("2026-11-02T00:00:00Z") });
});

test("the rows of another export are refused with their table", async () => {
  await store.put(objectOf(newer, rows), await store.get(objectOf(older, rows)));
  await expect(importing()).rejects.toThrow(`${rows} of the export was changed or damaged`);
});

test("altered rows are refused with their table", async () => {
  await alter(objectOf(newer, rows));
  await expect(importing()).rejects.toThrow(`${rows} of the export was changed or damaged`);
});

test("an altered manifest is refused with the export's id and place", async () => {
  await alter(objectOf(newer, "manifest.json"));
  await expect(importing()).rejects.toThrow(`The manifest of the export ${newer} in ${store.description} is damaged`);
});

test.each([-3, 100])("where the newest is damaged, the one before it is named, and comes back (%i)", async (place) => {
  await alter(objectOf(newer, rows), place);
  await expect(importing()).rejects.toThrow(`The export before it is there: --export ${older}.`);
  expect((await importing(older)).createdAt).toBe("2026-11-01T00:00:00.000Z");
  await expect(importing("20261103T000000Z")).rejects.toThrow("`backup list` names those there are");
});
