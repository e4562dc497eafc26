import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { databaseNow } from "#db/calendar/clock.ts";
import { transaction } from "#db/client.ts";

test("the database's clock goes on inside a transaction, and stands still within a statement", async () => {
  await transaction(async (tx) => {
    const read = async () => {
      const rows = await tx.execute<{ now: string; began: string; first: boolean }>(sql`
        select ${databaseNow}::text as now, now()::text as began, ${databaseNow} = min(${databaseNow}) over () as first
        from generate_series(1, 1000)`);
      expect(rows.every(({ first }) => first)).toBe(true);
      return rows[0] ?? { now: "", began: "" };
    };
    const before = await read();
    await sleep(2);
    const after = await read();
    expect([after.began === before.began, after.now > before.now]).toEqual([true, true]);
  });
});
