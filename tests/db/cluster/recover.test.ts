/** Bringing a copied server back: what it cannot repeat ends the wait with PostgreSQL's own words. */

import { appendFileSync, cpSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { connectAsOwner, disconnect } from "#db/client.ts";
import { joinCluster } from "#db/cluster/cluster.ts";
import { endsBefore, recover } from "#db/cluster/recover.ts";
import { postmaster } from "#db/cluster/server.ts";

const folder = mkdtempSync(join(tmpdir(), "komichi-recover-"));
const dataDir = join(folder, "data");

afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20 }));

test("a server that answers, and then ends at the same place of its log each time, is given up and stopped", async () => {
  const pg = join(dataDir, "pg");
  await (await joinCluster(dataDir)).leave();
  cpSync(pg, `${pg}.copy`, { recursive: true });
  const cluster = await joinCluster(dataDir);
  const owner = connectAsOwner(cluster.url);
  await owner.execute("create table written ()");
  await disconnect(owner);
  await cluster.leave();
  cpSync(join(pg, "pg_wal"), join(`${pg}.copy`, "pg_wal"), { recursive: true });
  rmSync(pg, { recursive: true });
  renameSync(`${pg}.copy`, pg);
  // It answers while it waits with what was committed, and finds only then that its log ends before the target.
  const settings = ["recovery_target_xid = '4000000000'", "recovery_min_apply_delay = '6s'"];
  appendFileSync(join(pg, "postgresql.auto.conf"), `${settings.join("\n")}\n`);
  await expect(recover(dataDir)).rejects.toThrow(
    /^PostgreSQL does not start: .*recovery ended before configured recovery target was reached$/u,
  );
  expect(readFileSync(join(dataDir, "postgres.log"), "utf8")).toContain("ready to accept read-only connections");
  expect(postmaster(dataDir)).toBeUndefined();
}, 60_000);

test("where a moment was asked for, the sentence says that the backup ends before it", async () => {
  const at = new Date();
  await expect(recover(dataDir, { at })).rejects.toThrow(endsBefore(at).message);
  expect(postmaster(dataDir)).toBeUndefined();
}, 60_000);
