/** A database of the release before, with families erased in it, after it was brought up to this one. */

import { randomBytes, randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectAsOwner, disconnect } from "#db/client.ts";
import { migrate } from "#db/migrate.ts";
import { placesOnDisk } from "./data-files.ts";
import { type OlderRelease, openOlderRelease } from "./older-release.ts";

let release: OlderRelease;

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
  await release.owner.execute(sql`insert into cases (id, state, wrapped_key) values (${id}, 'closed', ${key})`);
  await release.owner.execute(
    sql`insert into leads (id, kind, channel, body_hmac) values (${leadId}, 'consultation', 'form', ${value("body_hmac")})`,
  );
  await release.owner
    .execute(sql`insert into consultations (id, lead_id, case_id, reply_by, reply_by_date, contact, message, consent)
    values (${randomUUID()}, ${leadId}, ${id}, 'none', '2026-11-20', ${value("contact")}, ${value("message")}, '')`);
  if (erased === undefined) return id;
  if (erased.ended !== null)
    await release.owner.execute(
      sql`insert into closures (id, case_id, reason, closed_by, closed_at) values (${randomUUID()}, ${id}, 'settled', ${staffId}, ${erased.ended}::timestamptz)`,
    );
  await release.owner.execute(
    sql`insert into audit_events (at, staff_id, action, noun, noun_id) values ('2026-10-01', ${erased.by}, 'erase', 'case', ${id})`,
  );
  return id;
}

beforeAll(async () => {
  release = await openOlderRelease("20261120122527_guide_files");
  await release.owner.execute(
    sql`insert into staff (id, name, email, role) values (${staffId}, '見本', 'a@example.jp', 'manager')`,
  );
});

afterAll(() => release.drop());

test("erased families have a row that says why, their bytes leave the files, and the planner forgets copies", async () => {
  const [asked, told, timed] = [
    await oldCase("asked", { by: staffId, ended: null }),
    await oldCase("told", { by: null, ended: "2026-08-01" }),
    await oldCase("timed", { by: null, ended: "2023-09-01" }),
  ];
  await oldCase("kept", undefined);
  await release.owner.execute(sql`analyze`);
  const wanted = [...bytes];
  expect(await placesOnDisk(wanted, { url: release.url })).toEqual([...bytes.keys()].toSorted());
  await disconnect(release.owner);

  await migrate(release.url);

  release.owner = connectAsOwner(release.url);
  const rows = await release.owner.execute<{ what_id: string; reason: string; erased_by: string | null; at: string }>(
    sql`select what_id, reason, erased_by, erased_at::date::text as at from erasures order by what_id`,
  );
  const of = (id: string) => rows.find((row) => row.what_id === id);
  expect(rows.length).toBe(3);
  expect(of(asked)).toMatchObject({ reason: "request", erased_by: staffId, at: "2026-10-01" });
  expect(of(told)).toMatchObject({ reason: "request", erased_by: null });
  expect(of(timed)).toMatchObject({ reason: "retention", erased_by: null });
  expect(await placesOnDisk(wanted, { url: release.url })).toEqual(["kept body_hmac", "kept contact", "kept message"]);
  const copies = await release.owner.execute(sql`
    select 1 from pg_stats s join information_schema.columns c on (c.table_name, c.column_name) = (s.tablename, s.attname)
    where c.table_schema = 'public' and c.data_type = 'bytea'`);
  expect([...copies]).toEqual([]);
});
