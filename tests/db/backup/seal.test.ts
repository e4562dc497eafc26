import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { Damaged, open, openingKey, openStream, sealObject, sealStream } from "#db/backup/seal.ts";
import { env } from "#db/env.ts";
import { Refused } from "#db/errors.ts";

const key = () => randomBytes(32).toString("base64");
const first = key();
Object.assign(env, { BACKUP_KEY: first });
afterEach(() => void Object.assign(env, { BACKUP_KEY: first }));

test("what was sealed opens again, is smaller and shows nothing of itself", async () => {
  const words = Buffer.from("カナリヤがなくとき canary@example.jp\n".repeat(500));
  const sealed = await sealObject(words);
  expect(await open(sealed)).toEqual(words);
  expect(sealed.length).toBeLessThan(words.length / 10);
  expect(sealed.includes("canary@example.jp")).toBe(false);
});

test("it is a file in the age format, which other tools open", async () => {
  expect((await sealObject(Buffer.from("x"))).toString("latin1")).toMatch(/^age-encryption\.org\/v1\n-> X25519 /u);
});

test("a changed byte and a missing end are noticed", async () => {
  const sealed = await sealObject(randomBytes(200_000));
  const changed = Buffer.from(sealed);
  changed[150_000] = (changed[150_000] ?? 0) ^ 1;
  await expect(open(changed)).rejects.toThrow(Damaged);
  await expect(open(sealed.subarray(0, -20))).rejects.toThrow(Damaged);
  await expect(open(sealed.subarray(0, 65_536 + 500))).rejects.toThrow(Damaged);
  await expect(open(Buffer.from("no age file"))).rejects.toThrow(Damaged);
});

test("what cannot be read is not taken for damage: the error of the source is thrown", async () => {
  const sealed = await sealObject(randomBytes(200_000));
  const source = async function* () {
    yield sealed.subarray(0, 100_000);
    throw new Error("the bucket is away");
  };
  const read = async () => {
    for await (const _ of openStream(source())) continue;
  };
  await expect(read()).rejects.toThrow("the bucket is away");
});

test("no key opens what has an altered beginning", async () => {
  const sealed = await sealObject(Buffer.from("x"));
  expect(await openingKey(sealed)).toBeDefined();
  for (const place of [3, 60, 150]) {
    const changed = Buffer.from(sealed);
    changed[place] = (changed[place] ?? 0) ^ 1;
    expect(await openingKey(changed)).toBeUndefined();
  }
});

test("another key opens nothing, and the sentence says which to look for", async () => {
  const sealed = await sealObject(Buffer.from("x"));
  Object.assign(env, { BACKUP_KEY: key() });
  await expect(open(sealed)).rejects.toThrow(Refused);
  await expect(open(sealed)).rejects.toThrow("keys enter backup");
});

test("after a new key was put first, older backups open as before", async () => {
  const sealed = await sealObject(Buffer.from("old"));
  const second = key();
  Object.assign(env, { BACKUP_KEY: `${second},${first}` });
  expect((await open(sealed)).toString()).toBe("old");
  const newer = await sealObject(Buffer.from("new"));
  Object.assign(env, { BACKUP_KEY: first });
  await expect(open(newer)).rejects.toThrow(Refused);
});

test("without a key nothing is sealed", async () => {
  Object.assign(env, { BACKUP_KEY: undefined });
  rmSync(join(env.DATA_DIR, "backup.key"), { force: true });
  await expect(sealObject(Buffer.from("x"))).rejects.toThrow("There is no key for backups here");
});

test("a stream is sealed while it is read: an error of its source is thrown, and no end is written", async () => {
  const source = async function* () {
    yield randomBytes(100_000);
    throw new Error("the disk is gone");
  };
  const read = async () => {
    for await (const _ of sealStream(source())) continue;
  };
  await expect(read()).rejects.toThrow("the disk is gone");
});

test("a large stream comes back whole, in whatever pieces it arrives", async () => {
  const pieces = Array.from({ length: 40 }, (_, i) => randomBytes(10_000 * (i + 1)));
  const sealed: Uint8Array[] = [];
  for await (const chunk of sealStream(pieces as never)) sealed.push(chunk);
  const odd = async function* () {
    const all = Buffer.concat(sealed);
    for (let at = 0; at < all.length; at += 7777) yield all.subarray(at, at + 7777);
  };
  const opened: Uint8Array[] = [];
  for await (const chunk of openStream(odd())) opened.push(chunk);
  expect(Buffer.concat(opened).equals(Buffer.concat(pieces))).toBe(true);
});
