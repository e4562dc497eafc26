import { expect, test } from "vitest";
import { isDue } from "#api/backup/schedule.ts";
import type { BackupManifest } from "#api/backup/sets.ts";

const now = new Date("2026-11-28T12:00:00Z");
const hour = 3_600_000;
const base = (ageHours: number, more: Partial<BackupManifest> = {}): BackupManifest => {
  const at = new Date(now.getTime() - ageHours * hour);
  return {
    ...{ format: 1, set: "a", id: "1", version: "0", startedAt: at, finishedAt: at, timeline: 1 },
    ...{ startLsn: "0/1000000", stopLsn: "0/2000000", parts: 1, bytes: 1000, sealedBytes: 10, vaultKey: "", rows: {} },
    ...more,
  };
};
const quiet = { set: "a", walBytes: 0x2000000n, hasGap: false };

test.each<[string, BackupManifest[], typeof quiet, number, boolean]>([
  ["none of this database", [], quiet, 35, true],
  ["only another database's", [base(1, { set: "b" })], quiet, 35, true],
  ["one of an hour ago", [base(1)], quiet, 35, false],
  ["one of six days ago, with little written since", [base(6 * 24)], quiet, 35, false],
  ["one of a week ago", [base(7 * 24)], quiet, 35, true],
  ["one of two days ago, where backups are kept for a week", [base(2 * 24)], quiet, 7, true],
  ["one of an hour ago, where backups are kept for a day", [base(1)], quiet, 1, false],
  ["one of a day ago, where backups are kept for a day", [base(24)], quiet, 1, true],
  ["much written since, but only today", [base(23)], { ...quiet, walBytes: 0x3000000n }, 35, false],
  ["much written since yesterday", [base(25)], { ...quiet, walBytes: 0x3000000n }, 35, true],
  ["one of two hours ago, with a gap in the log since", [base(2)], { ...quiet, hasGap: true }, 35, true],
  ["a gap that the base backup of just now did not end", [base(0.5)], { ...quiet, hasGap: true }, 35, false],
  ["one that is dated ahead, and of a week ago", [base(7 * 24), base(-40 * 24)], quiet, 35, true],
  ["only one that is dated ahead", [base(-40 * 24)], quiet, 35, true],
  ["one of an hour ahead, after a clock was set right", [base(-1)], quiet, 35, false],
  ["a newer one of another database", [base(7 * 24), base(1, { set: "b" })], quiet, 35, true],
])("%s", (_, bases, state, days, expected) => {
  expect(isDue(bases, state, days, now)).toBe(expected);
});
