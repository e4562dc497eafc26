/** What `doctor` sees of the database, the processes on it, the backups and the keys. */

import { randomBytes } from "node:crypto";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { idOf, writeManifest } from "#api/backup/sets.ts";
import { backupChecks } from "#api/doctor/backups.ts";
import { keyChecks } from "#api/doctor/keys.ts";
import { judgeServer, judgeSlot, type Server } from "#api/doctor/postgres.ts";
import { processChecks } from "#api/doctor/processes.ts";
import { dueTimes } from "#api/jobs.ts";
import { sealObject } from "#db/backup/seal.ts";
import { configuredStore } from "#db/backup/store.ts";
import { connectAsOwner, db, disconnect } from "#db/client.ts";
import { env } from "#db/env.ts";
import { jobRuns } from "#db/schema/jobs.ts";
import { processes } from "#db/schema/processes.ts";
import { backupKeyStore } from "#db/vault/stored-keys.ts";
import { startBucket, type Bucket } from "../../bucket.ts";
import { testDatabaseUrl, whileDatabaseIsAt } from "../../database.ts";
import {
  anotherProcess,
  backedUpAt,
  doctor,
  expectToDo,
  expectWarning,
  installation,
  jobSucceeded,
  runsSince,
  sentenceOf,
  world,
} from "./installation.ts";

installation();

const hours = (count: number) => new Date(Date.now() - count * 3_600_000);

describe("PostgreSQL", () => {
  let owner: typeof db;
  beforeAll(async () => {
    owner = connectAsOwner(await testDatabaseUrl());
  });
  afterAll(() => disconnect(owner));

  test("that could lose what it has acknowledged is put right", async () => {
    const url = await testDatabaseUrl();
    const name = sql.identifier(new URL(url).pathname.slice(1));
    await owner.execute(sql`alter database ${name} set synchronous_commit = off`);
    await whileDatabaseIsAt(url, async () => {
      expect(await expectToDo("postgres.safe")).toContain("synchronous_commit off");
    });
    await owner.execute(sql`alter database ${name} reset synchronous_commit`);
  });

  test("whose collation has changed since the indexes were built is put right", async () => {
    const setVersion = (version: string | null) =>
      owner.execute(sql`update pg_database set datcollversion = ${version} where datname = current_database()`);
    const [before] = await owner.execute<{ version: string | null }>(
      sql`select datcollversion as version from pg_database where datname = current_database()`,
    );
    await setVersion("0");
    expect(await expectToDo("postgres.collation")).toContain("reindex");
    await setVersion(before?.version ?? null);
  });

  test("has connections for every pool", async () => {
    env.DATABASE_POOL = 200;
    expect(await expectToDo("postgres.connections")).toMatch(/接続は多くて 210、PostgreSQL が許すのは 117/u);
  });

  const good: Server = {
    ...{ version: "18.4", autovacuum: "on", checksums: "on", wal_level: "replica", time_zone: "UTC" },
    ...{ allowed: 117, is_collation_same: true },
  };
  test.each([
    [{ autovacuum: "off" }, "todo postgres.autovacuum"],
    [{ wal_level: "minimal" }, "todo postgres.wal_level"],
    [{ time_zone: "Asia/Tokyo" }, "todo postgres.time_zone"],
    [{ checksums: "off" }, "warn postgres.checksums"],
  ])("of other settings is named: %o", (over, expected) => {
    const notOk = (server: Server) =>
      judgeServer(server).flatMap(({ state, code }) => (state === "ok" ? [] : [`${state} ${code}`]));
    expect(notOk(good)).toEqual([]);
    expect(notOk({ ...good, ...over })).toEqual([expected]);
  });

  test("keeps little log for a backup that does not come", async () => {
    const gigabyte = 1024 ** 3;
    expect(judgeSlot({ status: "extended", kept: gigabyte / 2 }).state).toBe("ok");
    expect(judgeSlot({ status: "extended", kept: 1.5 * gigabyte })).toMatchObject({ state: "todo" });
    expect(judgeSlot({ status: "unreserved", kept: 0 }).state).toBe("todo");
    expect(judgeSlot({ status: "lost", kept: 0 }).sentence).toContain("失われました");
  });
});

describe("processes", () => {
  test("all do what there is to do, with one version and one key", async () => {
    const leave = await anotherProcess({ version: "0.0.1" });
    expect(await expectToDo("processes.version")).toContain("0.0.1");
    await leave();
    const strange = await anotherProcess({ keySource: "vault.key" });
    expect(await expectToDo("processes.keys")).toContain("EnvironmentFile");
    await strange();
    expect(await sentenceOf("processes")).toMatch(/^ok: 1つ/u);
    for (const [role, absent] of [["web", "worker"] as const, ["worker", "web"] as const]) {
      await db.update(processes).set({ role });
      await expectToDo(`processes.${absent}`);
    }
    await db.update(processes).set({ role: "all", version: "0.0.1" });
    expect(await expectToDo("processes.version")).toContain("ここにあるのは");
    await db
      .update(processes)
      .set({ version: (await import("#package.json", { with: { type: "json" } })).default.version });
  });

  test("that do not run are something to do once families come", async () => {
    const rows = await db.delete(processes).returning();
    expect(await expectToDo("processes")).toContain("動いていません");
    expect((await processChecks(false, {}, world))[0]?.state).toBe("warn");
    expect(await sentenceOf("jobs")).toMatch(/^skipped/u);
    await db.insert(processes).values(rows);
  });
});

describe("timed work", () => {
  const all = Object.keys(dueTimes()).filter((name) => !["ship_wal", "take_backup"].includes(name));
  const allSucceeded = async (at: Date) => {
    for (const name of all) await jobSucceeded(name, at);
  };

  test("is late when it was due twice since it last succeeded, and something ran meanwhile", async () => {
    await runsSince(hours(48));
    await allSucceeded(new Date());
    expect(await sentenceOf("jobs")).toBe(`ok: 時刻で動く仕事（${all.length + 2}個）は、どれも済んでいます。`);
    await jobSucceeded("send_notices", hours(0.1));
    expect(await sentenceOf("jobs")).toMatch(/^ok/u);
    await jobSucceeded("send_notices", hours(0.3));
    expect(await expectToDo("jobs.send_notices")).toContain("サービスの記録");
    await jobSucceeded("send_notices", new Date());
    await jobSucceeded("delete_expired", hours(0.9));
    expect(await sentenceOf("jobs")).toMatch(/^ok/u);
    await jobSucceeded("delete_expired", hours(2.5));
    await expectToDo("jobs.delete_expired");
    await runsSince(new Date());
    expect(await sentenceOf("jobs")).toMatch(/^ok/u);
  });

  test("that never succeeded says what it failed with", async () => {
    await allSucceeded(new Date());
    await runsSince(hours(1));
    const failed = { startedAt: new Date(), outcome: "failed" as const, succeededAt: null, error: "TypeError" };
    await db
      .update(jobRuns)
      .set(failed)
      .where(sql`${jobRuns.name} = 'send_notices'`);
    expect(await expectToDo("jobs.send_notices")).toMatch(/まだ一度も.*TypeError/su);
    await allSucceeded(new Date());
    await runsSince(new Date());
  });
});

describe("backups", () => {
  test("that stopped, or never began, are something to do", async () => {
    await backedUpAt(hours(3));
    await db
      .update(jobRuns)
      .set({ error: "Error ENOSPC" })
      .where(sql`${jobRuns.name} = 'ship_wal'`);
    expect(await expectToDo("backup.age")).toContain("ship_wal Error ENOSPC");
    await db.delete(jobRuns);
    expect(await sentenceOf("backup.age")).toBe("ok: 最初のバックアップを、これからとります。");
    await runsSince(hours(2));
    expect((await doctor()).checks.find(({ code }) => code === "backup.age")).toMatchObject({
      ...{ state: "todo", sentence: "バックアップは、まだ一度もとれていません。" },
    });
    await runsSince(new Date());
  });

  test("that cannot be taken for a day are something to do, though log is still shipped", async () => {
    await runsSince(hours(48));
    for (const name of Object.keys(dueTimes())) if (name !== "take_backup") await jobSucceeded(name, new Date());
    await jobSucceeded("take_backup", hours(25), { newest_at: Math.round(hours(25).getTime() / 1000), is_whole: 1 });
    expect(await expectToDo("backup.age", "jobs.take_backup")).toContain("take_backup）が、1日以上");
    await runsSince(new Date());
  });

  test("that are switched off can wait: somebody decided it", async () => {
    env.BACKUP_DAYS = 0;
    expect(await expectWarning("backup.age")).toContain("切ってあります");
    env.BACKUP_DAYS = undefined;
  });

  test("lie elsewhere than what they protect, once families come", async () => {
    env.BACKUP_DIR = join(env.DATA_DIR, "backups");
    expect(await expectToDo("backup.place")).toContain("BACKUP_S3_");
    const before = (await backupChecks(false, world)).find(({ code }) => code === "backup.place");
    expect(before?.state).toBe("warn");
  });

  test("can be written and read; what was tried is gone again", async () => {
    expect(await sentenceOf("backup.store")).toMatch(/^ok/u);
    expect(await configuredStore().list("")).toEqual([]);
    const blocked = join(env.DATA_DIR, "blocked");
    writeFileSync(blocked, "a file is no folder");
    env.BACKUP_DIR = join(blocked, "backups");
    const found = (await doctor()).checks.find(({ code }) => code === "backup.store");
    expect([found?.state, found?.sentence]).toEqual(["todo", expect.stringMatching(/blocked.*(?:ENOTDIR|EEXIST)/u)]);
    rmSync(blocked);
  });

  test("open with the key that is here", async () => {
    await writeManifest(configuredStore(), manifest);
    expect(await sentenceOf("backup.key")).toBe("ok: バックアップの鍵で、1回分すべての目録が開きます。");
    renameSync(backupKeyStore.path(), `${backupKeyStore.path()}.away`);
    env.BACKUP_KEY = randomBytes(32).toString("base64");
    expect(await expectToDo("backup.key", "keys.noted.backup")).toContain("前のバックアップの鍵");
    renameSync(`${backupKeyStore.path()}.away`, backupKeyStore.path());
    // One of an earlier key beside it can wait.
    Object.assign(env, { BACKUP_KEY: undefined });
    await writeManifest(configuredStore(), { ...manifest, id: "later" });
    expect(await sentenceOf("backup.key")).toContain("2回分すべて");
    env.BACKUP_KEY = randomBytes(32).toString("base64");
    renameSync(backupKeyStore.path(), `${backupKeyStore.path()}.away`);
    await writeManifest(configuredStore(), { ...manifest, id: "latest" });
    const some = (await doctor()).checks.find(({ code }) => code === "backup.key");
    expect([some?.state, some?.sentence]).toEqual(["warn", expect.stringContaining("1回分が開きますが、ほかの2回分")]);
    expect(some?.todo).toContain("keys enter backup");
    renameSync(`${backupKeyStore.path()}.away`, backupKeyStore.path());
    for (const { name } of await configuredStore().list("")) await configuredStore().delete(name);
  });

  test("of a database elsewhere are exports, which the key here must open, too", async () => {
    const part = (id: string) => `exports/${id}/manifest.json/0000.part`;
    await configuredStore().put(part("1"), await sealObject(Buffer.from("{}")));
    env.DATABASE_URL = "postgres://user@127.0.0.1:9/elsewhere";
    const found = async () => (await backupChecks(true, world)).find(({ code }) => code === "backup.key");
    expect(await found()).toMatchObject({ state: "ok" });
    env.BACKUP_KEY = randomBytes(32).toString("base64");
    renameSync(backupKeyStore.path(), `${backupKeyStore.path()}.away`);
    expect(await found()).toMatchObject({ state: "todo" });
    renameSync(`${backupKeyStore.path()}.away`, backupKeyStore.path());
    await configuredStore().delete(part("1"));
  });

  test("are counted where they lie, not as a database that came back remembers them", async () => {
    await writeManifest(configuredStore(), manifest);
    await writeManifest(configuredStore(), { ...manifest, id: "another" });
    expect(await sentenceOf("backup.age")).toMatch(/（2回分）。$/u);
    for (const { name } of await configuredStore().list("")) await configuredStore().delete(name);
    expect(await sentenceOf("backup.age")).toMatch(/（0回分）。$/u);
  });

  const at = new Date();
  const manifest = {
    ...{ format: 1 as const, set: "s", id: idOf(at), version: "0", startedAt: at, finishedAt: at, timeline: 1 },
    ...{ startLsn: "0/1", stopLsn: "0/2", parts: 0, bytes: 0, sealedBytes: 0, vaultKey: "00", rows: {} },
  };
});

describe("a bucket for backups", () => {
  let bucket: Bucket;
  beforeAll(async () => {
    bucket = await startBucket();
  });
  afterAll(() => bucket.close());

  test("is tried out, and its answer told", async () => {
    Object.assign(env, bucket.variables);
    expect(await sentenceOf("backup.store")).toMatch(/^ok: .*bucket backups/u);
    expect(bucket.objects.size).toBe(0);
    expect(await sentenceOf("backup.place")).toMatch(/^ok/u);
    env.BACKUP_S3_ACCESS_KEY_ID = "ANOTHER";
    expect(await expectToDo("backup.store")).toContain("403 AccessDenied");
  });
});

describe("the keys", () => {
  test("are two, and both are here", async () => {
    env.BACKUP_KEY = env.VAULT_KEY ?? "";
    expect(await expectToDo("keys", "keys.noted.backup")).toContain("同じもの");
    delete env.BACKUP_KEY;
    renameSync(backupKeyStore.path(), `${backupKeyStore.path()}.away`);
    expect(await expectToDo("keys", "keys.noted.backup")).toContain("keys enter backup");
    renameSync(`${backupKeyStore.path()}.away`, backupKeyStore.path());
    expect(await sentenceOf("keys")).toMatch(/^ok/u);
    env.VAULT_KEY = "half a key";
    expect(await expectToDo("keys")).toContain("VAULT_KEY");
  });

  test("stand on paper; what the list of the settings asks is not asked twice", async () => {
    const notedOf = async (noted: { vault: boolean; backup: boolean }, missing: string[] = []) =>
      (await keyChecks(missing, () => Promise.resolve(noted))).slice(1).map(({ code, state }) => `${state} ${code}`);
    expect(await notedOf({ vault: true, backup: true })).toEqual(["ok keys.noted"]);
    expect(await notedOf({ vault: false, backup: false })).toEqual(["todo keys.noted.vault", "todo keys.noted.backup"]);
    expect(await notedOf({ vault: false, backup: false }, ["vault_key"])).toEqual(["todo keys.noted.backup"]);
  });
});
