import { createServer, connect as connectTo, type AddressInfo } from "node:net";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { connectAsOwner, db, disconnect, prepareNamed } from "#db/client.ts";
import { testDatabaseUrl } from "../database.ts";

const difficult = ["", "a,b", 'say "it"', "back\\slash", "{}", "NULL", "改行\nと、読点", " spaces "];

test("lists of words, ids and numbers go there and come back", async () => {
  const id = "5f2a0c1e-3f52-4a43-9b0a-0d6e6a1f1f10";
  const back = prepareNamed<{ words: string[]; ids: string[]; none: string[] }>(
    "select :words::text[] as words, :ids::uuid[] as ids, :none::text[] as none",
  );
  expect(await back({ words: difficult, ids: [id], none: [] })).toEqual([{ words: difficult, ids: [id], none: [] }]);
  const [row] = await db.execute(sql`select array_agg(n) as numbers from generate_series(9, 11) as n`);
  expect(row).toEqual({ numbers: [9, 10, 11] });
});

test("a new connection asks nothing but what it was opened for", async () => {
  const address = new URL(await testDatabaseUrl());
  const folder = address.searchParams.get("host");
  const port = Number(address.port || 5432);
  let asked = "";
  const relay = createServer((client) => {
    const server = connectTo(
      folder === null ? { host: address.hostname, port } : { path: join(folder, `.s.PGSQL.${port}`) },
    );
    client.on("data", (bytes) => (asked += bytes.toString("latin1"))).pipe(server);
    server.pipe(client);
    for (const socket of [client, server]) socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  address.searchParams.delete("host");
  address.host = `127.0.0.1:${(relay.address() as AddressInfo).port}`;
  const other = connectAsOwner(address.href);
  await other.execute(sql`select 1 as one`);
  await disconnect(other);
  relay.close();
  expect(asked.match(/select[^\0]*/gu)).toEqual(["select 1 as one"]);
});
