/** An attempt that fails in the middle. */

import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exportToStore } from "#api/backup/exports.ts";
import { takeBackup } from "#api/backup/take.ts";
import { openFolder } from "#db/backup/folder.ts";
import type { ObjectStore } from "#db/backup/store.ts";
import { env } from "#db/env.ts";

Object.assign(env, { BACKUP_KEY: randomBytes(32).toString("base64") });
const folder = openFolder(env.BACKUP_DIR);
const written: string[] = [];
/** Of which the objects that were put are known, though they are deleted later. */
const store: ObjectStore = {
  ...folder,
  put: async (name, bytes) => {
    if (name.startsWith("exports/") && written.length === 3)
      throw Object.assign(new Error("disk full"), { code: "ENOSPC" });
    await folder.put(name, bytes);
    written.push(name);
  },
};

test("a base backup that fails leaves nothing", async () => {
  // A server's folder without its log: the copy breaks off when all files are written.
  mkdirSync(join(env.DATA_DIR, "pg"));
  writeFileSync(join(env.DATA_DIR, "pg/table"), randomBytes(60 * 1024 * 1024));
  await expect(takeBackup(store, {})).rejects.toThrow("pg_wal");
  expect(written[0]).toMatch(/^sets\/.*\/0000\.part$/u);
  expect(await folder.list("sets/")).toEqual([]);
});

test("an export that fails leaves nothing", async () => {
  written.length = 0;
  await expect(exportToStore(store)).rejects.toThrow("disk full");
  expect(written).toHaveLength(3);
  expect(await folder.list("exports/")).toEqual([]);
});
