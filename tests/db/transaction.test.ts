import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { transaction } from "#db/client.ts";

test("what was to happen after the commit happens once, and not before it", async () => {
  const order: string[] = [];
  const tell = () => void order.push("told");
  const result = await transaction(async (tx) => {
    tx.afterCommit(tell);
    tx.afterCommit(tell);
    await tx.execute(sql`select 1`);
    order.push("written");
    return 7;
  });
  expect([result, order]).toEqual([7, ["written", "told"]]);
});

test("nothing of it happens when the transaction is rolled back", async () => {
  const order: string[] = [];
  const failed = transaction(async (tx) => {
    tx.afterCommit(() => void order.push("told"));
    throw new Error("no");
  });
  await expect(failed).rejects.toThrow("no");
  expect(order).toEqual([]);
});
