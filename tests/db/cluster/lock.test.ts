import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { lock } from "#db/cluster/lock.ts";
import { lockRounds } from "./lock-rounds.ts";

const folder = mkdtempSync(join(tmpdir(), "komichi-lock-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("of four processes one at a time holds a lock whose holder was killed", async () => {
  expect(await lockRounds(10)).toMatchObject({ rounds: 10, doubled: 0 });
});

test("one process holds it once at a time too, in turn, and nobody else can open its file", async () => {
  const path = join(folder, "own.lock");
  const order: string[] = [];
  const release = await lock(path);
  const second = lock(path).then((releaseSecond) => {
    order.push("second");
    return releaseSecond;
  });
  await new Promise((resolve) => setImmediate(resolve));
  order.push("released");
  release();
  (await second)();
  expect([order, statSync(path).mode & 0o777]).toEqual([["released", "second"], 0o600]);
});
