/** The export that is taken each night where the database is elsewhere: proved, and brought back after a loss. */

import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { eq, sql } from "drizzle-orm";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { readBackups } from "#api/backup-health/backups.ts";
import { exportToStore } from "#api/backup/exports.ts";
import { restoreCommands } from "#api/restore/command.ts";
import { appendAcceptance, copyLogs } from "#db/backup/logs.ts";
import { configuredStore } from "#db/backup/store.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { newId } from "#db/random/ids.ts";
import { deliveries } from "#db/schema/mail.ts";
import { startBucket } from "../../bucket.ts";
import { testDatabaseUrl, whileDatabaseIsAt } from "../../database.ts";
import { emptyDatabase, imported } from "../portable/installations.ts";
import { type Member, member, receive } from "../requests.ts";

const message = "毎晩の書き出しに入る相談です。";
const madeAt = new Date("2026-11-01T18:00:00Z");
let manager: Member;

beforeAll(async () => {
  Object.assign(env, { BACKUP_KEY: randomBytes(32).toString("base64") });
  manager = await member("manager");
  await receive({ message, reply_by: "email", email: "family@example.jp" });
});

afterEach(() => {
  rmSync(env.BACKUP_DIR, { recursive: true, force: true });
  rmSync(join(env.DATA_DIR, "logs"), { recursive: true, force: true });
  Object.assign(env, { DATABASE_URL: undefined, BACKUP_S3_ENDPOINT: undefined, BACKUP_S3_BUCKET: undefined });
});

/** What `backup verify` answers on an installation with DATABASE_URL. */
async function verify(exportId?: string) {
  env.DATABASE_URL = await testDatabaseUrl();
  let answer: { value: unknown; lines: string[] } | undefined;
  const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  await whileDatabaseIsAt(env.DATABASE_URL, async () => {
    const options = exportId === undefined ? {} : { export: exportId };
    answer = await restoreCommands["backup verify"]?.run([], options, new Set());
  }).finally(() => said.mockRestore());
  return answer;
}

test("verify imports it beside the database, compares all of it, opens a case and leaves nothing behind", async () => {
  await exportToStore(configuredStore(), { now: madeAt });
  await exportToStore(configuredStore());
  const older = await verify("20261101T180000Z");
  expect(older?.value).toMatchObject({
    ...{ name: "exports/20261101T180000Z", createdAt: madeAt.toISOString() },
    ...{ tables: { cases: 1, consultations: 1 }, openedCharacters: [...message].length },
  });
  expect(older?.lines.join("\n")).toContain("each compared by count and hash");
  expect(readdirSync(env.DATA_DIR).filter((name) => name.startsWith("restore-"))).toEqual([]);
  expect(existsSync(join(env.DATA_DIR, "pg"))).toBe(false);
});

test("verify names an object that was altered", async () => {
  const store = configuredStore();
  const { id } = await exportToStore(store);
  const name = `exports/${id}/tables/cases.jsonl/0000.part`;
  const bytes = await store.get(name);
  bytes[bytes.length - 3] = (bytes[bytes.length - 3] ?? 0) ^ 1;
  await store.put(name, bytes);
  await expect(verify()).rejects.toThrow("tables/cases.jsonl of the export was changed or damaged");
  expect(readdirSync(env.DATA_DIR).filter((entry) => entry.startsWith("restore-"))).toEqual([]);
});

/** Imports the newest export as a new machine would; returns what it counts, and what the managers' page tells. */
async function comeBack() {
  let backups: Awaited<ReturnType<typeof readBackups>> | undefined;
  let states: string[] = [];
  const act = async () => {
    backups = await readBackups(manager);
    states = (await db.select().from(deliveries).where(eq(deliveries.kind, "receipt"))).map(({ state }) => state);
  };
  const { uncertain } = await imported(undefined, await emptyDatabase(), { act });
  return { uncertain, states, restores: backups?.restores };
}

test("after a loss the page tells from when to when something is lost", async () => {
  await appendAcceptance({ at: new Date().toISOString(), id: newId() });
  await exportToStore(configuredStore(), { now: madeAt });
  const { restores } = await comeBack();
  expect(restores).toMatchObject([
    { backup: "exports/20261101T180000Z", restoredTo: madeAt, isAnythingLost: true, counts: { lost: 1 } },
  ]);
});

test("beside backups in a folder stands every mail that went out: what waits is sent", async () => {
  await appendAcceptance({ at: new Date().toISOString(), id: newId() });
  await exportToStore(configuredStore());
  expect(await comeBack()).toMatchObject({ uncertain: 0, states: ["queued"] });
});

test("in a bucket the mails of the last minute may be missing: what was due is for a person to decide", async () => {
  const bucket = await startBucket();
  Object.assign(env, bucket.variables);
  await appendAcceptance({ at: new Date().toISOString(), id: newId() });
  await copyLogs(configuredStore());
  await exportToStore(configuredStore());
  const [waiting] = await db.execute<{ count: number }>(sql`select count(*)::int as count from deliveries`);
  expect(await comeBack()).toMatchObject({ uncertain: waiting?.count, states: ["uncertain"] });
  await bucket.close();
});

test("an export that was copied to another place by hand knows no mail since", async () => {
  await exportToStore(configuredStore());
  expect(await comeBack()).toMatchObject({ states: ["uncertain"] });
});
