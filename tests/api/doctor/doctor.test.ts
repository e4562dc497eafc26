/** The command `doctor` as a whole: each line ok or what to do, and its exit code. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { settingsValues } from "#db/schema/settings.ts";
import { environmentValues } from "#db/settings/environment.ts";
import { runCommand } from "../../command.ts";
import { refusingDatabase } from "../../database.ts";
import { doctor, installation, world } from "./installation.ts";

installation();

test("of an installation of which everything is right has nothing to do, and each line says so", async () => {
  const { real, missing, checks, lines, failed } = await doctor();
  expect([real, missing, failed]).toEqual([true, [], false]);
  const states = Object.fromEntries(checks.map(({ code, state }) => [code, state]));
  expect(states).toEqual({
    ...{ "environment.LOG": "warn", permissions: "ok", clock: "ok", "disk.data": "ok", "disk.backups": "ok" },
    ...{ "mail.server": "ok", "mail.spf": "ok", "mail.dkim": "skipped", "mail.dmarc": "ok" },
    ...{ "origin.answer": "ok", "origin.proxy": "ok", processes: "ok", jobs: "ok", keys: "ok", "keys.noted": "ok" },
    // A test has no second disk.
    ...{ "backup.age": "ok", "backup.place": "warn", "backup.store": "ok" },
    ...Object.fromEntries(
      ["safe", "version", "autovacuum", "checksums", "wal_level", "time_zone", "collation", "connections"].map(
        (name) => [`postgres.${name}`, "ok"],
      ),
    ),
  });
  for (const { code, sentence } of checks) expect(lines.join("\n")).toMatch(`${code}: ${sentence}`);
  expect(lines.at(-1)).toBe("足りないものは、ありません。");
});

test("fails while something is missing before families may come, and names it as the page does", async () => {
  const [row] = await db.delete(settingsValues).where(eq(settingsValues.key, "phone")).returning();
  environmentValues.notify = ["desk@kaze.jp"];
  const { value, lines, failed } = await doctor();
  delete environmentValues.notify;
  if (row) await db.insert(settingsValues).values(row);
  expect(failed).toBe(true);
  expect(lines).toContain("[todo] missing.phone: 「電話番号」がまだありません。");
  expect(lines).toContain("(notify: 環境変数 STAFF_NOTIFY で決まっています。)");
  expect(value).toMatchObject({
    ...{ real: true, environment: { notify: "STAFF_NOTIFY" } },
    missing: [{ code: "missing.phone", sentence: "「電話番号」がまだありません。" }],
  });
});

test("a check that fails is something to do, and keeps no other from its answer", async () => {
  world.space = () => Promise.reject(new Error("no such disk"));
  const { checks, failed } = await doctor();
  expect(failed).toBe(true);
  expect(checks.find(({ code }) => code === "disk")?.sentence).toBe("確かめられませんでした: no such disk");
  expect(checks.find(({ code }) => code === "permissions")?.state).toBe("ok");
});

test("where the database cannot be opened, says so among what may be the reason", async () => {
  const folder = mkdtempSync(join(tmpdir(), "komichi-doctor-"));
  const variables = { DATABASE_URL: refusingDatabase, DATA_DIR: folder, SMTP_URL: env.SMTP_URL ?? "" };
  const { code, out } = await runCommand(["doctor", "--json"], { variables });
  rmSync(folder, { recursive: true });
  expect(code).toBe(1);
  const { real, missing, checks, error } = JSON.parse(out) as Awaited<ReturnType<typeof doctor>> & { error: string };
  expect([real, missing, error]).toEqual([null, [], expect.stringContaining("ECONNREFUSED")]);
  const codes = checks.map((check) => `${check.code} ${check.state}`);
  expect(codes).toEqual(expect.arrayContaining(["database todo", "permissions ok", "mail.server ok"]));
});
