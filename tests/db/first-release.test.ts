/** The first release, with families in it, brought up to this version: nothing is lost, and everything opens. */

import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openCase } from "#api/cases/case.ts";
import { openCorrespondence } from "#api/correspondence/correspondence.ts";
import type { Staff } from "#db/actor.ts";
import { connectAsOwner, db, disconnect } from "#db/client.ts";
import { env } from "#db/env.ts";
import { migrate, readAppliedMigrations } from "#db/migrate.ts";
import journal from "#db/migrations/meta/_journal.json" with { type: "json" };
import { openVault } from "#db/vault/vault.ts";
import { viewLedger } from "#emails/ledger/ledger.ts";
import { viewReadership } from "#emails/lists/lists.ts";
import { whileDatabaseIsAt } from "../database.ts";
import { openFirstRelease } from "./first-release.ts";
import { countTables, firstRelease } from "./fixtures/first-release.ts";

let release: Awaited<ReturnType<typeof openFirstRelease>>;
const tables = Object.keys(firstRelease.rows);
const { VAULT_KEY } = env;

beforeAll(async () => {
  release = await openFirstRelease();
  env.VAULT_KEY = firstRelease.vaultKey;
});

afterAll(async () => {
  env.VAULT_KEY = VAULT_KEY;
  await release.drop();
});

/** As the process sees it once it has started on this database. */
const upgraded = (act: (manager: Staff) => Promise<void>) =>
  whileDatabaseIsAt(release.url, async () => {
    await openVault();
    const [manager] = await db.execute<Staff & Record<string, unknown>>(
      sql`select id, name, role from staff where role = 'manager'`,
    );
    if (!manager) throw new Error("no manager");
    await act(manager);
  });

/** Names and hashes of what was applied. */
async function applied() {
  const owner = connectAsOwner(release.url);
  const migrations = await readAppliedMigrations(owner);
  await disconnect(owner);
  return migrations;
}

/** All columns and constraints of the database. */
async function shape(): Promise<string[]> {
  const owner = connectAsOwner(release.url);
  const rows = await owner.execute<{ line: string }>(sql`
    select table_name || '.' || column_name || ' ' || data_type as line from information_schema.columns where table_schema = 'public'
    union all select conrelid::regclass || ' ' || conname from pg_constraint where connamespace = 'public'::regnamespace
    union all select indexdef from pg_indexes where schemaname = 'public'
    union all select proname from pg_proc where pronamespace = 'public'::regnamespace
    order by 1`);
  await disconnect(owner);
  return rows.map(({ line }) => line);
}

test("a migration that fails leaves tables, rows and the list of migrations as they were; once repaired, the next start succeeds", async () => {
  const owner = connectAsOwner(release.url);
  await owner.execute("create table restores (in_the_way int)"); // the newest migrations make a table of that name
  const [shapeBefore, appliedBefore] = [await shape(), await applied()];

  await expect(migrate(release.url)).rejects.toMatchObject({ cause: { code: "42P07" } });

  expect(await shape()).toEqual(shapeBefore);
  expect(await applied()).toEqual(appliedBefore);
  expect(appliedBefore.length).toBe(4);
  expect(await countTables(release.url, tables)).toEqual(firstRelease.rows);
  await owner.execute("drop table restores");
  await disconnect(owner);
});

test("what is to happen before an upgrade happens while the old state is whole; when it fails, nothing is applied", async () => {
  const before = await applied();
  const seen: number[] = [];
  const beforeUpgrade = async () => {
    seen.push((await applied()).length);
    throw new Error("no backup");
  };
  await expect(migrate(release.url, { beforeUpgrade })).rejects.toThrow("no backup");
  expect(seen).toEqual([4]);
  expect(await applied()).toEqual(before);
});

test("it is brought up to this version, and no row is lost", async () => {
  let calls = 0;
  const beforeUpgrade = async () => void calls++;
  await migrate(release.url, { beforeUpgrade });
  expect((await applied()).map(({ name }) => name)).toEqual(journal.entries.map(({ tag }) => tag));
  expect(await countTables(release.url, tables)).toEqual(firstRelease.rows);
  await migrate(release.url, { beforeUpgrade });
  expect(calls).toBe(1); // not for a database that needs no upgrade
});

test("a case of then opens, with the family's words, the journal and our reply", () =>
  upgraded(async (manager) => {
    const opened = await openCase(manager, firstRelease.family.caseId);
    expect(opened.consultations).toMatchObject([
      {
        message: "入院している娘のことです。学校の勉強が心配です。",
        contact: { name: "前版 花子", email: "old-family@example.jp" },
      },
    ]);
    expect(opened.entries).toMatchObject([{ body: { what: "担任の先生と話した。", whom: "担任の先生" } }]);
    expect(opened.messages).toMatchObject([{ words: "ご相談ありがとうございます。まず学校と話してみます。" }]);
    expect(opened.promises.length).toBe(1);
  }));

test("a family's code of then opens their page", () =>
  upgraded(async () => {
    const page = await openCorrespondence(firstRelease.family, { network: "192.0.2.1", now: new Date() });
    expect(page?.written.map(({ words }) => words)).toEqual([
      "入院している娘のことです。学校の勉強が心配です。",
      "ご相談ありがとうございます。まず学校と話してみます。",
    ]);
    expect(
      await openCorrespondence(
        { ...firstRelease.family, code: "AAAA-AAA-AAA" },
        { network: "192.0.2.1", now: new Date() },
      ),
    ).toBeUndefined();
  }));

test("the ledger knows every mail, and to whom those go that are still to be sent", () =>
  upgraded(async (manager) => {
    const { counts } = await viewLedger(manager);
    expect(counts).toMatchObject({ accepted: 43, queued: 6, retry: 1, leased: 1, uncertain: 1 });
    const { lines } = await viewLedger(manager, { state: "queued" });
    const recipients = lines.flatMap(({ kind, recipient }) => (kind === "staff_notice" ? [] : [recipient]));
    // Newest first. The one without is the receipt of the family that was erased.
    const masked = "o•••@example.jp";
    expect(recipients).toEqual([masked, masked, masked, masked, null]);
  }));

test("readers, landings and what was erased are there as they were", () =>
  upgraded(async (manager) => {
    const { lists } = await viewReadership(manager, new Date("2026-11-21T00:00:00+09:00"));
    expect(lists.map(({ slug, readers, waiting }) => [slug, readers, waiting])).toEqual([
      ["news", 13, 3],
      ["events", 4, 0],
      ["professionals", 2, 0],
    ]);
    const [landings] = await db.execute(sql`select count(*) filter (where is_ad)::int as ads from clicks`);
    expect(landings).toEqual({ ads: 43 });
    const erased = await db.execute(sql`select what, reason from erasures`);
    expect([...erased]).toEqual([{ what: "case", reason: "request" }]);
  }));
