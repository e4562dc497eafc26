import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  constants,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { openFolder } from "#db/backup/folder.ts";
import {
  appendAcceptance,
  appendTombstone,
  copyLogs,
  pruneAcceptances,
  readLog,
  type Tombstone,
} from "#db/backup/logs.ts";
import { env } from "#db/env.ts";

const logs = join(env.DATA_DIR, "logs");
const beside = join(env.BACKUP_DIR, "logs");
const store = openFolder(env.BACKUP_DIR);
const filesIn = (folder: string) => readdirSync(folder).map((name) => join(folder, name));
const contentOf = (folder: string) =>
  filesIn(folder)
    .map((path) => readFileSync(path, "utf8"))
    .join("");

const at = "2026-11-28T00:00:00.000Z";

beforeEach(() => {
  for (const path of [logs, env.BACKUP_DIR]) rmSync(path, { recursive: true, force: true });
});

/** Notes one, and waits for the copy beside the backups, which follows by itself. */
async function noteTombstone(tombstone: Tombstone): Promise<void> {
  appendTombstone(tombstone);
  await expect.poll(() => contentOf(join(beside, "tombstones"))).toContain(lineOf(tombstone));
}

const lineOf = (row: object) => `\n${JSON.stringify(row)}\n`;

test("a tombstone stands in DATA_DIR at once and beside the backups soon, readable for its owner alone", async () => {
  appendTombstone({ at, case: "a" });
  expect(contentOf(join(logs, "tombstones"))).toBe(lineOf({ at, case: "a" }));
  await expect.poll(() => contentOf(join(beside, "tombstones"))).toBe(lineOf({ at, case: "a" }));
  for (const folder of [join(logs, "tombstones"), join(beside, "tombstones")]) {
    for (const path of filesIn(folder)) expect(statSync(path).mode & 0o077).toBe(0);
  }
});

test("where the place of the backups cannot be written to, an erasure is noted all the same, and made up for later", async () => {
  writeFileSync(env.BACKUP_DIR, "no folder");
  appendTombstone({ at, case: "a" });
  await appendAcceptance({ at, id: "b" });
  rmSync(env.BACKUP_DIR);
  expect(await copyLogs(store)).toBe(2);
  expect(await copyLogs(store)).toBe(0);
  rmSync(logs, { recursive: true });
  expect(await readLog("tombstones", [store])).toEqual([{ at, case: "a" }]);
  expect(await readLog("accepted", [store])).toEqual([{ at, id: "b" }]);
});

describe("beside backups on a share that hangs", () => {
  /** Opening a pipe to write waits for a reader, as any file of such a share does, until `answer`. */
  async function hang(name: string): Promise<{ answer: () => Promise<void> }> {
    const [path = ""] = filesIn(join(beside, name));
    rmSync(path);
    execFileSync("mkfifo", [path]);
    return {
      answer: async () => {
        const reader = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
        await expect
          .poll(() => reader.read(Buffer.alloc(1000), 0).then(({ bytesRead }) => bytesRead))
          .toBeGreaterThan(0);
        await reader.close();
        rmSync(path);
      },
    };
  }

  test("a mail waits for a few seconds once, and the copies are made up for", async () => {
    await appendAcceptance({ at, id: "a" });
    const share = await hang("accepted");
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const first = appendAcceptance({ at, id: "b" });
    await expect.poll(() => vi.getTimerCount()).toBe(1);
    vi.runAllTimers();
    await first;
    for (const id of ["c", "d"]) await appendAcceptance({ at, id }); // would wait for ever: no clock goes on
    vi.useRealTimers();
    appendTombstone({ at, case: "e" });
    expect(contentOf(join(logs, "accepted"))).toContain(lineOf({ at, id: "d" }));
    await share.answer();
    expect(await copyLogs(store)).toBe(2);
    rmSync(logs, { recursive: true });
    expect((await readLog("accepted", [store])).map(({ id }) => id)).toEqual(["a", "b", "c", "d"]);
    expect(await readLog("tombstones", [store])).toEqual([{ at, case: "e" }]);
    await appendAcceptance({ at, id: "f" });
    expect(contentOf(join(beside, "accepted"))).toContain(lineOf({ at, id: "f" }));
  });

  test("an erasure waits for nothing", async () => {
    await noteTombstone({ at, case: "a" });
    const share = await hang("tombstones");
    appendTombstone({ at, case: "b" }); // had it to wait, so would everything, this test included
    expect(contentOf(join(logs, "tombstones"))).toContain(lineOf({ at, case: "b" }));
    await share.answer();
  });
});

test("whoever waits for a line finds it on the disk, however many write at once", async () => {
  const ids = Array.from({ length: 200 }, (_, i) => `m${i}`);
  await Promise.all(
    ids.map(async (id) => {
      await appendAcceptance({ at, id });
      expect(contentOf(join(logs, "accepted"))).toContain(`"${id}"`);
      expect(contentOf(join(beside, "accepted"))).toContain(`"${id}"`);
    }),
  );
  expect((await readLog("accepted", [store])).map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
});

test("a copy that is longer than what is here is never written over", async () => {
  await noteTombstone({ at, case: "a" });
  const [path = ""] = filesIn(join(beside, "tombstones"));
  appendFileSync(path, '{"case":"b"}\n');
  await copyLogs(store);
  expect((await readLog("tombstones", [store])).map((row) => row["case"])).toEqual(["a", "b"]);
});

test("a line that a crash cut off is none", async () => {
  await noteTombstone({ at, case: "a" });
  const [path = ""] = filesIn(join(logs, "tombstones"));
  appendFileSync(path, '{"case":"hal');
  rmSync(env.BACKUP_DIR, { recursive: true });
  expect(await readLog("tombstones", [])).toEqual([{ at, case: "a" }]);
});

test("what a full disk cut off takes no later line with it", async () => {
  await noteTombstone({ at, case: "a" });
  await appendAcceptance({ at, id: "a" });
  for (const name of ["tombstones", "accepted"])
    for (const folder of [logs, beside])
      for (const path of filesIn(join(folder, name))) appendFileSync(path, '{"at":"2026-11-28T00:');
  await noteTombstone({ at, case: "b" });
  await appendAcceptance({ at, id: "b" });
  expect((await readLog("tombstones", [])).map((row) => row["case"])).toEqual(["a", "b"]);
  expect((await readLog("accepted", [])).map((row) => row["id"])).toEqual(["a", "b"]);
});

test("a damaged line hides no other", async () => {
  await noteTombstone({ at, case: "a" });
  const [path = ""] = filesIn(join(logs, "tombstones"));
  appendFileSync(path, 'damaged}\n{"case":"b"}\n');
  rmSync(env.BACKUP_DIR, { recursive: true });
  expect((await readLog("tombstones", [])).map((row) => row["case"])).toEqual(["a", "b"]);
});

test("tombstones of the version before are read, and copied to the backups", async () => {
  writeFileSync(join(env.DATA_DIR, "tombstones.log"), '{"at":"2026-11-20T00:00:00.000Z","case":"old"}\n');
  await copyLogs(store);
  rmSync(logs, { recursive: true });
  expect((await readLog("tombstones", [store])).map((row) => row["case"])).toEqual(["old"]);
});

test("notes of accepted mails go with the backups; tombstones stay", async () => {
  for (const folder of [logs, beside])
    for (const name of ["accepted", "tombstones"]) {
      mkdirSync(join(folder, name), { recursive: true });
      writeFileSync(join(folder, name, "2026-09-01-1.jsonl"), '{"id":"old"}\n');
      writeFileSync(join(folder, name, "2026-11-01-1.jsonl"), '{"id":"new"}\n');
    }
  await pruneAcceptances(new Date("2026-10-20T00:00:00Z"), store);
  expect((await readLog("accepted", [store])).map(({ id }) => id)).toEqual(["new"]);
  expect((await readLog("tombstones", [store])).map(({ id }) => id)).toEqual(["old", "new"]);
});
