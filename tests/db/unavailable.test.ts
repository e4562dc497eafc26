/** Before the database is open: every way to it fails at once with a code that counts as the database being away. */

import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { connectUnavailable, connect, db, disconnect, listen, notify, prepareNamed, transaction } from "#db/client.ts";
import { isDatabaseAway, notOpenCode } from "#db/errors.ts";
import { leads } from "#db/schema/leads.ts";
import { testDatabaseUrl } from "../database.ts";

test("more queries than a pool has connections fail, each at once; afterwards all is as before", async () => {
  const own = await testDatabaseUrl();
  await disconnect();
  connectUnavailable();
  const prepared = prepareNamed<{ one: number }>("select :one::int as one");
  const ways: (() => PromiseLike<unknown>)[] = [
    () => db.select().from(leads),
    () => db.execute(sql`select 1`),
    () => transaction(async (tx) => tx.execute(sql`select 1`)),
    () => prepared({ one: 1 }),
    () => listen("channel", () => {}),
    () => notify("channel"),
  ];
  const codes: unknown[] = [];
  for (let round = 0; round < 20; round++)
    for (const way of ways)
      codes.push(
        await way().then(
          () => "answered",
          (error: Error & { code?: string; cause?: { code?: string } }) => error.cause?.code ?? error.code,
        ),
      );
  expect(new Set(codes)).toEqual(new Set([notOpenCode]));
  expect(codes).toHaveLength(20 * ways.length);
  await disconnect();
  connect(own);
  expect(await prepared({ one: 1 })).toEqual([{ one: 1 }]);
});

test.each([
  ...[notOpenCode, "CONNECTION_CLOSED", "CONNECT_TIMEOUT", "ECONNREFUSED", "ECONNRESET", "EPIPE", "ENOENT"],
  ...["57P01", "57P03", "08006", "53100", "53300", "58030"],
])("%s says that the database is away, and that asking again later helps", (code) =>
  expect(isDatabaseAway(code)).toBe(true),
);

test.each([undefined, 53_100, "23505", "42P01", "22P02", "P0001", "ENOSPC"])("%s does not", (code) =>
  expect(isDatabaseAway(code)).toBe(false),
);
