/** What managers are told of backups and restores. */

import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { readBackups } from "#api/backup-health/backups.ts";
import { backupHealth, isBesideData } from "#api/backup-health/health.ts";
import { watchBackups } from "#api/backup-health/watch.ts";
import { noteBackups } from "#api/backup/schedule.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { newId } from "#db/random/ids.ts";
import { jobRuns } from "#db/schema/jobs.ts";
import { deliveries } from "#db/schema/mail.ts";
import { type RestoreCounts, restores } from "#db/schema/restores.ts";
import { get, member, signIn } from "../requests.ts";

env.DATABASE_URL = undefined; // an installation that takes backups of its own database
const now = new Date("2026-11-28T12:00:00Z");
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);

beforeEach(async () => {
  await db.delete(restores);
  await db.delete(jobRuns);
});

async function restored(
  at: Date,
  { chosen = false, backup = "a/1", counts = {} }: { chosen?: boolean; backup?: string; counts?: object } = {},
) {
  const none: RestoreCounts = { erased: 0, accepted: 0, skipped: 0, uncertain: 0, rows: {} };
  await db.insert(restores).values({
    ...{
      id: newId(),
      restoredAt: at,
      backup,
      restoredTo: hoursAgo(50),
      requestedAt: chosen ? hoursAgo(50) : null,
    },
    counts: { ...none, ...counts },
  });
}

const inSeconds = (at: Date) => at.getTime() / 1000;

/** A run of a job that ended well at this moment. */
async function jobRan(name: string, at: Date, counts: Record<string, number> = {}): Promise<void> {
  const run = { startedAt: at, finishedAt: at, succeededAt: at, outcome: "done" as const, counts };
  await db
    .insert(jobRuns)
    .values({ name, ...run })
    .onConflictDoUpdate({ target: jobRuns.name, set: run });
}

const taken = (counts: Record<string, number>, at: Date) => jobRan("take_backup", at, counts);
const longAgo = hoursAgo(24 * 9);

describe("everything is in a backup up to the last shipment of the log", () => {
  const whole = { newest_at: inSeconds(hoursAgo(24 * 6)), is_whole: 1 };
  beforeEach(() => jobRan("ship_wal", hoursAgo(0)));

  test("while the newest base backup is of this database, and its log has no gap", async () => {
    await taken(whole, hoursAgo(0.1));
    expect(await backupHealth(now, longAgo)).toMatchObject({ upTo: hoursAgo(0), isLate: false });
  });

  test("otherwise up to that base backup, and it is late", async () => {
    await taken({ ...whole, is_whole: 0 }, hoursAgo(0.1));
    expect(await backupHealth(now, longAgo)).toMatchObject({ upTo: hoursAgo(24 * 6), isLate: true });
  });

  test("in a place that was changed nothing is, until a base backup lies there", async () => {
    await taken({ newest_at: 0, is_whole: 0 }, hoursAgo(0.1));
    expect(await backupHealth(now, longAgo)).toMatchObject({ upTo: null, isLate: true });
  });

  test("where none could be taken for a day it is late all the same, however much log is shipped", async () => {
    await taken(whole, hoursAgo(23));
    expect((await backupHealth(now, longAgo)).isLate).toBe(false);
    await taken(whole, hoursAgo(25));
    expect(await backupHealth(now, longAgo)).toMatchObject({ upTo: hoursAgo(0), isLate: true, isNotTaken: true });
    // A machine that was switched off for days is given time to take one.
    expect((await backupHealth(now, hoursAgo(0.4))).isLate).toBe(false);
  });

  test("of which managers are told by mail", async () => {
    await member("manager");
    const later = new Date(Date.now() + 26 * 3_600_000);
    await jobRan("ship_wal", later);
    await taken(whole, new Date());
    expect((await watchBackups(later)).mails).toBeGreaterThan(0);
    await taken(whole, later);
    await db.delete(deliveries);
    expect((await watchBackups(later)).mails).toBe(0);
  });

  test("what a clock noted that ran ahead says nothing", async () => {
    const ahead = hoursAgo(-24 * 40);
    await taken({ newest_at: inSeconds(ahead), is_whole: 1 }, ahead);
    await jobRan("ship_wal", ahead);
    expect(await backupHealth(now, longAgo)).toMatchObject({ upTo: null, isLate: true });
  });
});

describe("after a restore", () => {
  test.each([
    ["a restore to the end, of which no log knows more", {}, false],
    ["one of before mails were counted", { counts: { lost: undefined } }, false],
    ["a moment that was chosen", { chosen: true }, true],
    ["a log with a gap", { counts: { gap: { object: "sets/a/wal/1.zst.age", unused: 0 } } }, true],
    ["an export, which is made once a night", { backup: "exports/1" }, true],
    ["mails of requests that did not come back", { counts: { lost: 2 } }, true],
  ])("something is called lost where that is known: %s", async (_, about, expected) => {
    await restored(hoursAgo(1), about);
    const manager = await member("manager");
    expect((await readBackups(manager, now)).restores[0]?.isAnythingLost).toBe(expected);
    const page = await (await get("/staff/settings/backups", { cookie: await signIn(manager) })).text();
    expect([
      page.includes("書いたことは、失われています"),
      page.includes("失われた記録は、見つかっていません"),
    ]).toEqual([...[expected, !expected]]);
    expect(page.includes("このほかに2通が、送ってあります")).toBe(
      "counts" in about && "lost" in about.counts && about.counts.lost === 2,
    );
    expect(page.includes("sets/a/wal/1.zst.age")).toBe("counts" in about && "gap" in about.counts);
  });

  test("log that is shipped before the first base backup since counts for nothing: it cannot be restored", async () => {
    await taken({ newest_at: inSeconds(hoursAgo(3)), is_whole: 1 }, hoursAgo(0));
    await jobRan("ship_wal", hoursAgo(0));
    await restored(hoursAgo(0.2));
    await noteBackups(); // as a restore does: what the restored database says of its backups was true long ago
    expect((await backupHealth(now)).upTo).toBe(null);
  });

  test("the first backup is given as long as after the first start, before the old ones count as too old", async () => {
    await taken({ newest_at: inSeconds(hoursAgo(50)), kept: 2, bytes: 5 }, hoursAgo(50));
    const isLate = async () => (await backupHealth(now)).isLate;
    expect(await isLate()).toBe(true);
    await restored(hoursAgo(0.4));
    expect(await isLate()).toBe(false);
    await db.delete(restores);
    await restored(hoursAgo(0.6));
    expect(await isLate()).toBe(true);
  });
});

test("a place on the same disk is not elsewhere, whether it is in DATA_DIR or not, and not there yet or not mounted", async () => {
  const before = env.BACKUP_DIR;
  const beside = async (path: string) => {
    env.BACKUP_DIR = path;
    return isBesideData();
  };
  const there = [env.DATA_DIR, join(env.DATA_DIR, "backups/none/yet"), join(tmpdir(), "komichi-none-yet")];
  for (const path of there) expect(await beside(path)).toBe(true);
  expect(await beside("/proc/none-yet")).toBe(false);
  env.BACKUP_DIR = before;
});
