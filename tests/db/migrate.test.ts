import { randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { connectAsOwner, type Db, db, disconnect } from "#db/client.ts";
import { siblingUrl } from "#db/cluster/cluster.ts";
import { migrate } from "#db/migrate.ts";
import packageJson from "#package.json" with { type: "json" };

const clusterUrl = inject("clusterUrl");
let owner: Db;
const made: string[] = [];
beforeAll(() => {
  owner = connectAsOwner(siblingUrl(clusterUrl, "postgres"));
});
afterAll(async () => {
  for (const name of made) await owner.execute(`drop database if exists ${name} with (force)`);
  await disconnect(owner);
});

async function fresh(rest = ""): Promise<{ name: string; url: string }> {
  const name = `m_${randomBytes(6).toString("hex")}`;
  made.push(name);
  await owner.execute(`create database ${name} ${rest}`);
  return { name, url: siblingUrl(clusterUrl, name) };
}

/** Tables, columns, indexes, functions and rights of a database. */
async function shapeOf(url: string): Promise<unknown[]> {
  const one = connectAsOwner(url);
  try {
    return await one.execute(sql`
      select 'column' as what, table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable as it from information_schema.columns where table_schema = 'public'
      union all select 'index', indexdef from pg_indexes where schemaname = 'public'
      union all select 'right', table_name || ' ' || privilege_type from information_schema.table_privileges where grantee = 'komichi_app'
      union all select 'function', proname from pg_proc where pronamespace = 'public'::regnamespace
      union all select 'list', slug from lists
      union all select 'migration', hash from drizzle.__drizzle_migrations
      order by 1, 2`);
  } finally {
    await disconnect(one);
  }
}

test("migrating again, or from several processes at once, changes nothing", async () => {
  const { url } = await fresh();
  await Promise.all([migrate(url), migrate(url), migrate(url)]);
  const shape = await shapeOf(url);
  await migrate(url);
  expect(await shapeOf(url)).toEqual(shape);
  expect(shape.length).toBeGreaterThan(200);
});

test("a user who may not create roles is enough, once an administrator has made and granted the application's", async () => {
  const { name, url } = await fresh();
  const plain = `plain_${name}`;
  await owner.execute(`create role ${plain} login password 'secret'`);
  await owner.execute(`grant komichi_app to ${plain}`);
  await owner.execute(`alter database ${name} owner to ${plain}`);
  const own = Object.assign(new URL(url), { username: plain, password: "secret" }).href;
  await migrate(own);
  expect(await shapeOf(url)).toContainEqual(expect.objectContaining({ it: "leads INSERT" }));
  await owner.execute(`drop database ${name} with (force)`);
  await owner.execute(`drop role ${plain}`);
});

test("a database of a newer version is refused and left as it is, until its version is installed", async () => {
  const { url } = await fresh("template komichi_template");
  const one = connectAsOwner(url);
  await one.execute(sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 4102444800000)`);
  await disconnect(one);
  const shape = await shapeOf(url);
  const here = packageJson.version;
  await expect(migrate(url)).rejects.toThrow(
    `This database is of a newer version of the product (migration later) than the one here (${here}). Install that version here`,
  );
  await expect(migrate(url, { version: "9.0.0" })).rejects.toThrow("product (9.0.0, migration later)");
  expect(await shapeOf(url)).toEqual(shape);
});

describe("a database that could lose or garble something is refused", () => {
  test("with commits that do not wait for the disk", async () => {
    const { name, url } = await fresh("template komichi_template");
    await owner.execute(`alter database ${name} set synchronous_commit = off`);
    await expect(migrate(url)).rejects.toThrow(
      "PostgreSQL has synchronous_commit off: an accepted request could be lost.",
    );
    await owner.execute(`alter database ${name} set synchronous_commit = local`);
    await expect(migrate(url)).resolves.toBeUndefined();
  });

  test("in another encoding", async () => {
    const { url } = await fresh("template template0 encoding 'SQL_ASCII' locale_provider libc locale 'C'");
    await expect(migrate(url)).rejects.toThrow(/SQL_ASCII, not UTF8/u);
  });

  test("where Japanese has no letters", async () => {
    const { url } = await fresh("template template0 encoding 'UTF8' locale_provider libc locale 'C'");
    await expect(migrate(url)).rejects.toThrow("pg_trgm sees no Japanese letters here");
  });
});

test("the application works with few rights: no table of its own, no look at passwords", async () => {
  for (const statement of [
    "create table mine (id int)",
    "alter table leads add column x int",
    "select * from pg_authid",
    "drop table leads",
  ])
    await expect(db.execute(sql.raw(statement))).rejects.toMatchObject({ cause: { code: "42501" } });
});
