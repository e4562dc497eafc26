/** Who holds which case after the upgrade of a database from before there were responsible people and helpers. */

import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectAsOwner, disconnect } from "#db/client.ts";
import { migrate } from "#db/migrate.ts";
import { newId } from "#db/random/ids.ts";
import { type OlderRelease, openOlderRelease } from "./older-release.ts";

let release: OlderRelease;

/** "gone" is a coordinator who was disabled. */
const names = ["coordinator", "manager", "peer", "gone"] as const;
type Name = (typeof names)[number];
const people = Object.fromEntries(names.map((name) => [name, newId()])) as Record<Name, string>;

beforeAll(async () => {
  release = await openOlderRelease("20261127191140_pages_changed");
  for (const name of names)
    await release.owner.execute(sql`insert into staff (id, name, email, role, disabled_at) values
      (${people[name]}, ${name}, ${`${name}@example.jp`}, ${name === "gone" ? "coordinator" : name},
       case when ${name === "gone"} then now() end)`);
});

afterAll(() => release.drop());

/** Who was assigned, in their order, an ended assignment with a "-"; and who is responsible after the upgrade. */
const olds: [assigned: (Name | `-${Name}`)[], responsible: Name | null][] = [
  [[], null],
  [["coordinator"], "coordinator"],
  [["coordinator", "manager"], "coordinator"],
  [["manager", "coordinator", "peer"], "manager"],
  [["-coordinator", "manager"], "manager"],
  [["peer", "coordinator"], "coordinator"],
  [["peer"], null],
  [["gone", "manager"], "manager"],
  [["gone"], "gone"],
  [["-coordinator"], null],
];

test("the first of those who hold a case is responsible, the others help, and nobody is lost", async () => {
  const ids: string[] = [];
  for (const [assigned] of olds) {
    const id = newId();
    ids.push(id);
    await release.owner.execute(sql`insert into cases (id, wrapped_key) values (${id}, 'key')`);
    for (const [at, entry] of assigned.entries()) {
      const name = entry.replace("-", "") as Name;
      await release.owner
        .execute(sql`insert into assignments (id, case_id, staff_id, assigned_by, assigned_at, ended_at)
        values (${newId()}, ${id}, ${people[name]}, ${people[name]}, ${`2026-11-0${at + 1}`}::timestamptz,
          case when ${entry.startsWith("-")} then now() end)`);
    }
  }
  await release.owner.execute(sql`insert into audit_events (at, staff_id, action, noun, noun_id) values
    ('2026-11-02', ${people.manager}, 'view', 'case', ${ids[1]}), ('2026-11-05', ${people.manager}, 'view', 'case', ${ids[1]}),
    ('2026-11-09', ${people.manager}, 'close', 'case', ${ids[1]}), ('2026-11-05', null, 'view', 'case', ${ids[2]}),
    ('2026-11-05', ${people.manager}, 'view', 'delivery', null)`);
  await disconnect(release.owner);

  await migrate(release.url);

  release.owner = connectAsOwner(release.url);
  const found: typeof olds = [];
  for (const [at, [assigned]] of olds.entries()) {
    const rows = await release.owner.execute<{ name: Name; role: string; ended: boolean }>(
      sql`select s.name, a.role, a.ended_at is not null as ended from assignments a join staff s on s.id = a.staff_id
        where a.case_id = ${ids[at]} order by a.assigned_at`,
    );
    expect(rows.map(({ name, ended }) => (ended ? `-${name}` : name))).toEqual(assigned);
    const responsible = rows.filter(({ role }) => role === "responsible").map(({ name }) => name);
    expect(responsible.length).toBeLessThan(2);
    found.push([assigned, responsible[0] ?? null]);
  }
  expect(found).toEqual(olds);
  // What somebody had opened before is read by them, up to then.
  const reads = await release.owner.execute<{ caseId: string; staffId: string; at: string }>(
    sql`select case_id as "caseId", staff_id as "staffId", read_at::date::text as at from case_reads`,
  );
  expect([...reads]).toEqual([{ caseId: ids[1], staffId: people.manager, at: "2026-11-05" }]);
});
