/** The limit for outgoing mail, at moments of the database's clock that the test chooses. */

import { sql } from "drizzle-orm";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { connectAsOwner, db, disconnect } from "#db/client.ts";
import { openMailRateLimit } from "#emails/outbox/mail-rate.ts";
import { testDatabaseUrl, whileDatabaseIsAt } from "../../database.ts";

const asOwner = async (statement: string) => {
  const owner = connectAsOwner();
  await owner.execute(statement);
  await disconnect(owner);
};

/** From now on statements are sent at this time of a day, "12:00:59.9". */
const setClock = (time: string) =>
  asOwner(`create or replace function clock.statement_timestamp() returns timestamptz
    language sql stable as $$ select timestamptz '2026-11-28 ${time}Z' $$`);

const counted = async () => {
  const [row] = await db.execute<{ count: number }>(sql`select sum(count)::int as count from rate_windows`);
  return row?.count;
};

beforeAll(async () => {
  const [row] = await db.execute<{ name: string }>(sql`select current_database() as name`);
  await asOwner(`create schema clock; grant usage on schema clock to public;
    alter database ${row?.name} set search_path = clock, pg_catalog, public`);
});

beforeEach(async () => void (await db.execute(sql`delete from rate_windows`)));

const withClock = async (act: () => Promise<void>) => whileDatabaseIsAt(await testDatabaseUrl(), act);

test("it opens second by second, to the end of a minute and in the next", () =>
  withClock(async () => {
    const limit = openMailRateLimit(60);
    const granted: [string, number][] = [];
    for (const time of ["12:00:00.0", "12:00:29.9", "12:00:59.4", "12:00:59.9", "12:01:00.1"]) {
      await setClock(time);
      granted.push([time, await limit.take(100)]);
    }
    expect(granted).toEqual([
      ["12:00:00.0", 1],
      ["12:00:29.9", 29],
      ["12:00:59.4", 30],
      ["12:00:59.9", 0],
      ["12:01:00.1", 1],
    ]);
  }));

test("parallel senders never exceed it", () =>
  withClock(async () => {
    await setClock("12:00:09.5");
    const limit = openMailRateLimit(600);
    const granted = await Promise.all(Array.from({ length: 30 }, () => limit.take(40)));
    expect(granted.reduce((a, b) => a + b, 0)).toBe(100);
    expect(await counted()).toBe(100);
  }));

test("what was not used can be taken again", () =>
  withClock(async () => {
    await setClock("12:00:59.9");
    const limit = openMailRateLimit(400);
    const taken = await limit.take(400);
    await limit.refund(taken);
    expect([taken, await counted(), await limit.take(400)]).toEqual([400, 0, 400]);
  }));
