/** A server that has much log to repeat answers nobody for a long while. */

import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { identity, writeIdentity } from "#db/cluster/address.ts";
import { joinCluster } from "#db/cluster/cluster.ts";
import { recover } from "#db/cluster/recover.ts";
import { postmaster } from "#db/cluster/server.ts";
import { waitUntilAnswered } from "#db/cluster/wait.ts";

const folder = mkdtempSync(join(tmpdir(), "komichi-wait-"));
const dataDir = join(folder, "data");
const inside = (name: string) => join(dataDir, name);

afterEach(() => void vi.restoreAllMocks());
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20 }));

test("while it runs it is waited for, were it for hours; when it has ended, no longer", async () => {
  let asked = 0;
  const answersAt = (last: number) => () =>
    ++asked < last ? Promise.reject(new Error("starting up")) : Promise.resolve();
  vi.spyOn(performance, "now").mockImplementation(() => asked * 4000); // each try takes four seconds
  const told: number[] = [];
  expect(
    await waitUntilAnswered(
      answersAt(2500),
      () => false,
      (seconds) => told.push(seconds),
      0,
    ),
  ).toBe(true);
  expect([asked, told.length, told.at(-1)]).toEqual([2500, 1249, 9992]);
  expect(await waitUntilAnswered(answersAt(Infinity), () => asked === 2510, undefined, 0)).toBe(false);
});

test("none is started beside it, and whoever waits is told", async () => {
  await (await joinCluster(dataDir)).leave();
  const starts = () => readFileSync(inside("postgres.log"), "utf8").match(/starting PostgreSQL|already exists/gu);
  // Before it lets anybody in it asks this command for more of its log.
  const go = join(folder, "go");
  writeFileSync(inside("pg/recovery.signal"), "");
  appendFileSync(
    inside("pg/postgresql.auto.conf"),
    `restore_command = 'until test -e ${go}; do sleep 0.1; done; false'\n`,
  );
  await (await joinCluster(dataDir, () => writeFileSync(go, ""))).leave();
  expect(starts()).toEqual(["starting PostgreSQL", "starting PostgreSQL"]);
});

test("one that does not let us in is not waited for, and stopped before anybody deletes its folder", async () => {
  writeIdentity(dataDir, { ...identity(dataDir), password: "another" });
  await expect(recover(dataDir)).rejects.toThrow(/^PostgreSQL does not start: .*password authentication failed/u);
  expect(postmaster(dataDir)).toBeUndefined();
});
