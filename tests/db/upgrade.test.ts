/** A database of the release before, with families erased in it, after it was brought up to this one. */

import { randomBytes, randomUUID } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { migrate as applyMigrations } from "drizzle-orm/postgres-js/migrator";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { connectAsOwner, type Db, disconnect } from "#db/client.ts";
import { siblingUrl } from "#db/cluster/cluster.ts";
import { migrate } from "#db/migrate.ts";
import { placesOnDisk } from "./data-files.ts";

const name = `u_${randomBytes(6).toString("hex")}`;
const url = siblingUrl(inject("clusterUrl"), name);
const folder = mkdtempSync(join(tmpdir(), "komichi-upgrade-"));
const last = "20261120122527_guide_files";
let owner: Db;

/** The migrations as they were. */
function migrationsBefore(): string {
  const source = new URL("../../db/migrations", import.meta.url).pathname;
  cpSync(source, folder, { recursive: true });
  const journal = join(folder, "meta", "_journal.json");
  const { entries, ...rest } = JSON.parse(readFileSync(journal, "utf8")) as { entries: { tag: string }[] };
  const kept = entries.slice(0, entries.findIndex(({ tag }) => tag === last) + 1);
  writeFileSync(journal, JSON.stringify({ ...rest, entries: kept }));
  return folder;
}

const bytes = new Map<string, Buffer>();
const staffId = randomUUID();

/** A case as the release before left it after erasing, or one that is kept. */
async function oldCase(what: string, erased: { by: string | null; ended: string | null } | undefined): Promise<string> {
  const [id, leadId] = [randomUUID(), randomUUID()];
  const value = (column: string) => {
    const made = randomBytes(90);
    bytes.set(`${what} ${column}`, made);
    return made;
  };
  const key = erased === undefined ? randomBytes(90) : null;
  await owner.execute(sql`insert into cases (id, state, wrapped_key) values (${id}, 'closed', ${key})`);
  await owner.execute(
    sql`insert into leads (id, kind, channel, body_hmac) values (${leadId}, 'consultation', 'form', ${value("body_hmac")})`,
  );
  await owner.execute(sql`insert into consultations (id, lead_id, case_id, reply_by, reply_by_date, contact, message, consent)
    values (${randomUUID()}, ${leadId}, ${id}, 'none', '2026-11-20', ${value("contact")}, ${value("message")}, '')`);
  if (erased === undefined) return id;
  if (erased.ended !== null)
    await owner.execute(
      sql`insert into closures (id, case_id, reason, closed_by, closed_at) values (${randomUUID()}, ${id}, 'settled', ${staffId}, ${erased.ended}::timestamptz)`,
    );
  await owner.execute(
    sql`insert into audit_events (at, staff_id, action, noun, noun_id) values ('2026-10-01', ${erased.by}, 'erase', 'case', ${id})`,
  );
  return id;
}

beforeAll(async () => {
  const server = connectAsOwner(siblingUrl(inject("clusterUrl"), "postgres"));
  await server.execute(`create database ${name}`);
  await disconnect(server);
  owner = connectAsOwner(url);
  await applyMigrations(owner, { migrationsFolder: migrationsBefore() });
  await owner.execute(
    sql`insert into staff (id, name, email, role) values (${staffId}, '見本', 'a@example.jp', 'manager')`,
  );
});

afterAll(async () => {
  await disconnect(owner);
  const server = connectAsOwner(siblingUrl(inject("clusterUrl"), "postgres"));
  await server.execute(`drop database if exists ${name} with (force)`);
  await disconnect(server);
  rmSync(folder, { recursive: true, force: true });
});

test("erased families have a row that says why, their bytes leave the files, and the planner forgets copies", async () => {
  const [asked, told, timed] = [
    await oldCase("asked", { by: staffId, ended: null }),
    await oldCase("told", { by: null, ended: "2026-08-01" }),
    await oldCase("timed", { by: null, ended: "2023-09-01" }),
  ];
  await oldCase("kept", undefined);
  await owner.execute(sql`analyze`);
  const wanted = [...bytes];
  expect(await placesOnDisk(wanted, { url })).toEqual([...bytes.keys()].toSorted());
  await disconnect(owner);

  await migrate(url);

  owner = connectAsOwner(url);
  const rows = await owner.execute<{ what_id: string; reason: string; erased_by: string | null; at: string }>(
    sql`select what_id, reason, erased_by, erased_at::date::text as at from erasures order by what_id`,
  );
  const of = (id: string) => rows.find((row) => row.what_id === id);
  expect(rows.length).toBe(3);
  expect(of(asked)).toMatchObject({ reason: "request", erased_by: staffId, at: "2026-10-01" });
  expect(of(told)).toMatchObject({ reason: "request", erased_by: null });
  expect(of(timed)).toMatchObject({ reason: "retention", erased_by: null });
  expect(await placesOnDisk(wanted, { url })).toEqual(["kept body_hmac", "kept contact", "kept message"]);
  const copies = await owner.execute(sql`
    select 1 from pg_stats s join information_schema.columns c on (c.table_name, c.column_name) = (s.tablename, s.attname)
    where c.table_schema = 'public' and c.data_type = 'bytea'`);
  expect([...copies]).toEqual([]);
});
