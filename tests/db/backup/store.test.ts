import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBucket } from "#db/backup/bucket.ts";
import { openFolder } from "#db/backup/folder.ts";
import type { ObjectStore } from "#db/backup/store.ts";
import { freePort } from "#db/cluster/address.ts";
import { NotFound } from "#db/errors.ts";
import { type Bucket, startBucket } from "../../bucket.ts";

const folder = mkdtempSync(join(tmpdir(), "komichi-store-"));
let bucket: Bucket;

const inBucket = (secretAccessKey = "example-secret", accessKeyId = "EXAMPLEKEY") =>
  openBucket({
    ...{ endpoint: bucket.variables["BACKUP_S3_ENDPOINT"] ?? "", bucket: "backups", region: "us-east-1" },
    ...{ prefix: "a&b/", accessKeyId, secretAccessKey },
  });

beforeAll(async () => void (bucket = await startBucket()));
afterAll(async () => {
  await bucket.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.each<[string, () => ObjectStore]>([
  ["a folder", () => openFolder(join(folder, "store"))],
  ["a bucket", () => inBucket()],
])("%s", (_, open) => {
  test("keeps what is put, replaces it whole, lists it by name and deletes it", async () => {
    const store = open();
    expect(await store.list("")).toEqual([]);
    for (const name of ["sets/b/2", "sets/a/1", "logs/x", "sets/c/3", "sets/a/0"])
      await store.put(name, Buffer.from(name));
    await store.put("sets/a/1", Buffer.from("again"));
    expect((await store.list("sets/")).map(({ name, bytes }) => [name, bytes])).toEqual([
      ...[
        ["sets/a/0", 8],
        ["sets/a/1", 5],
        ["sets/b/2", 8],
        ["sets/c/3", 8],
      ],
    ]);
    expect((await store.list(""))[0]?.writtenAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect((await store.get("sets/a/1")).toString()).toBe("again");
    await store.delete("sets/a/1");
    await store.delete("sets/a/1");
    await expect(store.get("sets/a/1")).rejects.toThrow(NotFound);
    expect((await store.list("sets/a/")).map(({ name }) => name)).toEqual(["sets/a/0"]);
  });
});

test("a folder is readable for its owner alone, and what a killed process left of a file is no object", async () => {
  const root = join(folder, "private");
  const store = openFolder(root);
  await store.put("sets/a", Buffer.from("1"));
  expect(statSync(join(root, "sets/a")).mode & 0o077).toBe(0);
  expect(statSync(join(root, "sets")).mode & 0o077).toBe(0);
  writeFileSync(join(root, "sets/b.1f.new"), "half");
  expect((await store.list("")).map(({ name }) => name)).toEqual(["sets/a"]);
  expect(readdirSync(join(root, "sets")).filter((name) => name.startsWith("a"))).toEqual(["a"]);
});

test("a folder keeps nothing of what could not be written, nor for long what a killed process left", async () => {
  const root = join(folder, "remains");
  const store = openFolder(root);
  mkdirSync(join(root, "sets/a/in-the-way"), { recursive: true });
  await expect(store.put("sets/a", Buffer.from("1"))).rejects.toThrow();
  expect(readdirSync(join(root, "sets"))).toEqual(["a"]);
  writeFileSync(join(root, "sets/b.1f.new"), "half");
  await store.deleteUnfinished?.(new Date(Date.now() - 60_000));
  expect(readdirSync(join(root, "sets"))).toEqual(["a", "b.1f.new"]);
  await store.deleteUnfinished?.(new Date(Date.now() + 60_000));
  expect(readdirSync(join(root, "sets"))).toEqual(["a"]);
});

test("a folder is made when something is written, not when it is looked at", async () => {
  const root = join(folder, "later");
  await openFolder(root).list("");
  expect(existsSync(root)).toBe(false);
});

test("a bucket that refuses says its name, the status and the code, and neither key nor address", async () => {
  const store = inBucket("wrong", "OTHERKEY");
  const refused = store.put("sets/a", Buffer.from("1"));
  await expect(refused).rejects.toThrow(/^The bucket backups at 127\.0\.0\.1:\d+ answered PUT with 403 AccessDenied/u);
});

test("a connection to a bucket that breaks off twice, in the middle and before an answer, costs nothing", async () => {
  const store = inBucket();
  const broken = async <T>(asking: () => Promise<T>) => {
    bucket.breaks = 2;
    const answer = await asking();
    expect(bucket.breaks).toBe(0);
    return answer;
  };
  await broken(() => store.put("sets/x", Buffer.from("whole")));
  expect((await broken(() => store.get("sets/x"))).toString()).toBe("whole");
  expect((await broken(() => store.list("sets/x"))).map(({ name }) => name)).toEqual(["sets/x"]);
  await broken(() => store.delete("sets/x"));
  await expect(broken(() => store.get("sets/x"))).rejects.toThrow(NotFound);
});

test("a bucket that breaks off every answer is named, with its host", async () => {
  bucket.breaks = 8;
  const { host } = new URL(bucket.variables["BACKUP_S3_ENDPOINT"] ?? "");
  await expect(inBucket().get("sets/a/0")).rejects.toThrow(`The bucket backups at ${host} does not answer (`);
  expect(bucket.breaks).toBe(4); // four tries
  bucket.breaks = 0;
});

test("a bucket that does not answer is named, with the reason", async () => {
  const host = `127.0.0.1:${await freePort()}`;
  const store = openBucket({
    ...{ endpoint: `http://${host}`, bucket: "backups", region: "us-east-1", prefix: "" },
    ...{ accessKeyId: "EXAMPLEKEY", secretAccessKey: "example-secret" },
  });
  const unanswered = store.list("sets/");
  await expect(unanswered).rejects.toThrow(`The bucket backups at ${host} does not answer (ECONNREFUSED).`);
});
