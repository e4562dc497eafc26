/** A shipment of which a part fails: here the write-ahead log, since there is no database in DATA_DIR. */

import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { shipWal } from "#api/backup/ship.ts";
import { appendTombstone } from "#db/backup/logs.ts";
import { configuredStore } from "#db/backup/store.ts";
import { connectAsOwner, disconnect } from "#db/client.ts";
import { dropSlot } from "#db/cluster/wal-slot.ts";
import { env } from "#db/env.ts";

Object.assign(env, { DATABASE_URL: undefined, BACKUP_KEY: randomBytes(32).toString("base64") });

test("hinders neither the tombstones nor the guides, and fails", async () => {
  env.BACKUP_DAYS = 0; // so that the tombstone is not beside the backups at once
  appendTombstone({ at: new Date().toISOString(), case: "a" });
  env.BACKUP_DAYS = undefined;
  mkdirSync(join(env.DATA_DIR, "guides"));
  writeFileSync(join(env.DATA_DIR, "guides/a.pdf"), "a guide");
  await expect(shipWal()).rejects.toThrow("pg_wal");
  const names = (await configuredStore().list("")).map(({ name }) => name.split("/")[0]);
  expect(names).toEqual(["files", "logs"]);
  const owner = connectAsOwner();
  await dropSlot(owner);
  await disconnect(owner);
});
