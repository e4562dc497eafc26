/** An attempt that fails in the middle. */

import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { backUpBeforeUpgrade } from "#api/backup/before-upgrade.ts";
import { exportToStore } from "#api/backup/exports.ts";
import { takeBackup } from "#api/backup/take.ts";
import { openFolder } from "#db/backup/folder.ts";
import type { ObjectStore } from "#db/backup/store.ts";
import { env } from "#db/env.ts";
import { testDatabaseUrl } from "../../database.ts";

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

test("an upgrade that waits for the backup of a killed product says so, and how to go on", async () => {
  const opened = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const slow: ObjectStore = { ...folder, put: () => (begun.resolve(), opened.promise) };
  const left = takeBackup(slow, {}).catch(() => "failed");
  await begun.promise;
  const url = await testDatabaseUrl();
  const said = Promise.withResolvers<string>();
  const stderr = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    if (/another/iu.test(String(text))) said.resolve(String(text));
    return true;
  });
  env.DATABASE_URL = undefined;
  const upgrade = backUpBeforeUpgrade(url).catch((error: Error) => error.message);
  expect(await said.promise).toContain("end the process whose command is `api/cli.ts backup --gentle`");
  stderr.mockRestore();
  opened.resolve();
  expect(await left).toBe("failed");
  expect(await upgrade).toContain("the database was not changed");
});

test("an export tells each file that it has written", async () => {
  const files: string[] = [];
  await exportToStore(folder, { onFile: (name, rows) => void files.push(`${name} ${rows ?? ""}`) });
  expect(files).toContain("tables/cases.jsonl 0");
  for (const { name } of await folder.list("exports/")) await folder.delete(name);
});

test("an export that fails leaves nothing", async () => {
  written.length = 0;
  await expect(exportToStore(store)).rejects.toThrow("disk full");
  expect(written).toHaveLength(3);
  expect(await folder.list("exports/")).toEqual([]);
});
