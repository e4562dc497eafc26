/** A transaction whose connection is lost: it fails as a whole, and neither the process nor the pool takes harm. */

import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { connect, connectAsOwner, db, disconnect, transaction } from "#db/client.ts";
import { patched } from "#db/postgres-driver.ts";
import { testDatabaseUrl } from "../database.ts";

/** Ends the session of a transaction from outside, and waits until this process has noticed. */
async function endSession(pid: number | undefined, noticed: Promise<unknown>): Promise<void> {
  const owner = connectAsOwner();
  await owner.execute(sql`select pg_terminate_backend(${pid}::int)`);
  await disconnect(owner);
  await noticed.catch(() => {});
}

const names = async () =>
  (await db.execute<{ name: string }>(sql`select name from lost_rows order by name`)).map(({ name }) => name);

test("a transaction that goes on after its connection was lost writes nothing, and the pool of one still works", async () => {
  const former = db;
  const url = await testDatabaseUrl();
  const owner = connectAsOwner(url);
  await owner.execute(sql`create table lost_rows (name text)`);
  await owner.execute(sql`grant all on lost_rows to komichi_app`);
  await disconnect(owner);
  connect(url, { pool: 1 });
  try {
    for (const isReconnected of [false, true]) {
      const resumed = Promise.withResolvers<unknown>();
      const lost: Promise<unknown> = transaction(async (tx) => {
        const [row] = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
        await tx.execute(sql`insert into lost_rows values ('first')`);
        await endSession(row?.pid, lost);
        // The pool has opened the same connection anew, for somebody else.
        if (isReconnected) await db.execute(sql`select 1`);
        const later = tx.execute(sql`insert into lost_rows values ('later')`);
        resumed.resolve(
          later.then(
            () => "written",
            (error: Error) => (error.cause as { code?: string }).code,
          ),
        );
        await later;
      });
      await expect(lost).rejects.toThrow();
      expect(await resumed.promise).toBe("CONNECTION_CLOSED");
      await db.execute(sql`insert into lost_rows values (${`after ${isReconnected}`})`);
    }
    expect(await names()).toEqual(["after false", "after true"]);
  } finally {
    await disconnect();
    connect(url);
    await disconnect(former);
  }
});

test("a statement that the loss interrupts fails, and its transaction's end does not end the process", async () => {
  const lost = transaction(async (tx) => {
    const [row] = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
    const sleeping = tx.execute(sql`select pg_sleep(60)`);
    await endSession(row?.pid, sleeping);
    await sleeping;
  });
  await expect(lost).rejects.toThrow();
  // What the driver would have written next, it would have written in the next turn of the event loop.
  await new Promise((resolve) => setImmediate(resolve));
  expect([...(await db.execute(sql`select 1 as one`))]).toEqual([{ one: 1 }]);
});

test("another version of the driver is refused with a sentence", () => {
  expect(patched("a b c", [["b", "$&"]])).toBe("a $& c");
  for (const text of ["a", "b b"]) expect(() => patched(text, [["b", "x"]])).toThrow("another version");
});
