/** What managers are told of backups and restores. */

import { beforeEach, describe, expect, test } from "vitest";
import { readBackups } from "#api/backup-health/backups.ts";
import { backupHealth } from "#api/backup-health/health.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { newId } from "#db/random/ids.ts";
import { jobRuns } from "#db/schema/jobs.ts";
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
    const run = (name: string, at: Date, counts = {}) => ({
      ...{ name, startedAt: at, finishedAt: at, succeededAt: at, outcome: "done" as const, counts },
    });
    const takenAt = async (at: Date) =>
      db
        .insert(jobRuns)
        .values(run("take_backup", at, { newest_at: at.getTime() / 1000 }))
        .onConflictDoUpdate({ target: jobRuns.name, set: { counts: { newest_at: at.getTime() / 1000 } } });
    await db.insert(jobRuns).values(run("ship_wal", hoursAgo(0)));
    await takenAt(hoursAgo(3));
    await restored(hoursAgo(0.2));
    expect((await backupHealth(now)).upTo).toEqual(hoursAgo(3));
    await takenAt(hoursAgo(0.1));
    expect((await backupHealth(now)).upTo).toEqual(hoursAgo(0));
  });

  test("the first backup is given as long as after the first start, before the old ones count as too old", async () => {
    await db.insert(jobRuns).values({
      ...{ name: "take_backup", startedAt: hoursAgo(50), finishedAt: hoursAgo(50), succeededAt: hoursAgo(50) },
      ...{ outcome: "done", counts: { newest_at: hoursAgo(50).getTime() / 1000, kept: 2, bytes: 5 } },
    });
    const isLate = async () => (await backupHealth(now)).isLate;
    expect(await isLate()).toBe(true);
    await restored(hoursAgo(0.4));
    expect(await isLate()).toBe(false);
    await db.delete(restores);
    await restored(hoursAgo(0.6));
    expect(await isLate()).toBe(true);
  });
});
