/** Values that are easily changed on the way, and more rows than memory holds. */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { folderSource } from "#api/portable/folder.ts";
import { loadRows } from "#api/portable/load.ts";
import { connectAsOwner, db, disconnect } from "#db/client.ts";
import { migrate } from "#db/migrate.ts";
import { testDatabaseUrl } from "../../database.ts";
import { countTables } from "../../db/fixtures/first-release.ts";
import { emptyDatabase, exported, newFolder, rowsOf } from "./installations.ts";

const makeTable = `
  create table "od'd ""table" (
    id bigint generated always as identity primary key, "a""b" text, n numeric, f double precision, at timestamptz, day date, bytes bytea,
    list text[], numbers integer[], facts jsonb, answer boolean, doubled bigint generated always as (id % 10) stored,
    other bigint references "od'd ""table" (id)
  );
  create table keyless (at timestamptz, words text);`;

const fill = `
  insert into "od'd ""table" (id, "a""b", n, f, at, day, bytes, list, numbers, facts, answer, other) overriding system value values
    (9223372036854775807, E'tab\\t "quotes" \\\\ line\\nend\\u2028 𠮷', 12345678901234567890.123456789012345678901, 0.1, '2026-11-28 01:02:03.123456+09',
      '0044-03-15 BC', '\\x00ff5c0a22', '{"a,b",NULL,"",NULL,"{}"}', '{1,NULL,-3}', '{"big": 12345678901234567890.10, "n": null, "t": "\\u2028"}', true, 1),
    (1, '', 'NaN', 'Infinity', 'infinity', null, '', '{}', '{}', 'null', null, 9223372036854775807),
    (2, null, null, '-0', '-infinity', 'infinity', null, null, null, null, false, null);
  insert into keyless values ('2026-01-01', 'same'), ('2026-01-01', 'same'), ('2026-01-01', null);`;

test("every value is exactly what it was: numbers, moments, bytes, lists, JSON and its null, in rows that lead to each other", async () => {
  const [from, to] = [await emptyDatabase(), await emptyDatabase()];
  for (const url of [from, to]) await migrate(url);
  const [source, target] = [connectAsOwner(from), connectAsOwner(to)];
  for (const owner of [source, target]) await owner.$client.unsafe(makeTable);
  await source.$client.unsafe(fill);
  const { folder, manifest } = await exported(from);
  await loadRows(target, folderSource(folder), manifest, () => {});

  for (const query of [
    `select t::text from "od'd ""table" t order by id`,
    "select k::text from keyless k order by 1",
  ]) {
    const wanted = [...(await source.execute(sql.raw(query)))];
    expect(wanted.length).toBe(3);
    expect([...(await target.execute(sql.raw(query)))]).toEqual(wanted);
  }
  const nulls = sql.raw(
    `select id::text, facts is null as "isNull", facts::text as text from "od'd ""table" order by id`,
  );
  expect([...(await target.execute(nulls))].slice(0, 2)).toEqual([
    { id: "1", isNull: false, text: "null" },
    { id: "2", isNull: true, text: null },
  ]);
  const [row] = rowsOf(folder, `od'd "table`);
  expect([row?.["id"], row?.["n"], row?.["at"]]).toEqual(["1", "NaN", "infinity"]);
  await disconnect(source);
  await disconnect(target);
});

test("more rows than memory holds are exported and imported", async () => {
  // 60 MB as text, in a process whose heap may hold 50.
  await db.execute(sql`insert into audit_events (action, noun, detail)
    select 'export', 'keywords', jsonb_build_object('words', repeat('x', 12000)) from generate_series(1, 5000)`);
  const folder = newFolder();
  const [from, to] = [await testDatabaseUrl(), await emptyDatabase()];
  const program = fileURLToPath(new URL("move.ts", import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, ["--max-old-space-size=50", program, from, folder, to], {
    env: process.env,
    encoding: "utf8",
  });
  expect([status, stderr]).toEqual([0, ""]);
  expect(readFileSync(join(folder, "tables", "audit_events.jsonl")).length).toBeGreaterThan(60_000_000);
  expect(await countTables(to, ["audit_events"])).toEqual({ audit_events: 5000 });
});
