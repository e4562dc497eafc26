/** Objects in the place of the backups are missing, altered or exchanged: what can come back does, and the loss is said. */

import { copyFileSync, cpSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Base, listBases, writeManifest } from "#api/backup/sets.ts";
import type { RestoreResult } from "#api/restore/restore.ts";
import type { Verified } from "#api/restore/verify.ts";
import { openFolder } from "#db/backup/folder.ts";
import { momentInTokyo } from "#db/calendar/days.ts";
import { connectAsOwner, disconnect } from "#db/client.ts";
import { identity, urlOf } from "#db/cluster/address.ts";
import { walFileAt } from "#db/cluster/wal-files.ts";
import { env } from "#db/env.ts";
import { consult, type Installation, makeInstallation, nextRun } from "./installation.ts";

let home: Installation;
/** A copy of what the installation backed up, which each test damages in its own way. */
let copy: string;
let [older, newest]: Base[] = [];
/** What the commands told that took both of them at once. */
let toldOfTwo: string[];
/** When the first family since the newest base backup was answered. */
let firstAt: string;

/** Ends the log's file, so that what follows stands in the next. */
async function switchWal(): Promise<void> {
  const owner = connectAsOwner(urlOf(home.dataDir, identity(home.dataDir), "komichi"));
  await owner.execute("select pg_switch_wal()");
  await disconnect(owner);
}

beforeAll(async () => {
  home = await makeInstallation();
  const product = await home.start();
  await consult(product, "base@example.jp");
  const taken = await Promise.all([1, 2].map(() => home.cli(["backup", "--json"])));
  toldOfTwo = taken.map(({ err }) => err);
  [older, newest] = taken
    .map(({ out }) => JSON.parse(out) as Base)
    .toSorted((one, other) => one.id.localeCompare(other.id));
  for (let n = 1; n <= 5; n++) {
    await consult(product, `family-${n}@example.jp`);
    if (n === 1) firstAt = new Date().toISOString();
    await switchWal();
  }
  await nextRun(product, "ship_wal");
  home.destroy();
  copy = join(home.folder, "copy");
}, 300_000);

afterAll(() => home.end());

beforeEach(() => {
  for (const folder of [copy, home.dataDir]) rmSync(folder, { recursive: true, force: true });
  cpSync(home.backupDir, copy, { recursive: true });
});

const baseOf = (base: Base | undefined) => `sets/${base?.set}/base/${base?.id}`;
const finishedAt = () => new Date(newest?.finishedAt ?? 0).getTime();
const log = () => `sets/${newest?.set}/wal`;

/** Names of the objects of the log since the newest base backup began. */
function logSince(): string[] {
  const first = walFileAt(newest?.timeline ?? 0, newest?.startLsn ?? "");
  const names = readdirSync(join(copy, log())).toSorted();
  return names.filter((name) => name >= first).map((name) => `${log()}/${name}`);
}

const at = (fromEnd: number) => logSince().at(-fromEnd) ?? "";

function flipByte(name: string): void {
  const bytes = readFileSync(join(copy, name));
  const place = Math.floor(bytes.length / 2);
  bytes[place] = (bytes[place] ?? 0) ^ 1;
  writeFileSync(join(copy, name), bytes);
}

const verify = async () => {
  const { code, out } = await home.cli(["backup", "verify", copy, "--json"]);
  return { code, ...(JSON.parse(out) as Verified) };
};

test("undamaged, all of it comes back, and no gap is spoken of", async () => {
  expect(logSince().length).toBeGreaterThan(5);
  const { code, gap, rows } = await verify();
  expect([code, gap, rows["cases"]]).toEqual([0, undefined, 6]);
  expect((await home.cli(["backup", "list", copy])).out).not.toContain("GAP");
}, 300_000);

test("of two backups at once, one begins when the other has ended, and says that it waits", () => {
  expect(toldOfTwo.filter((told) => told.includes("Another backup is under way"))).toHaveLength(1);
  const [first, second] = [older?.finishedAt, newest?.startedAt].map((at) => new Date(at ?? 0).getTime());
  expect(first).toBeLessThanOrEqual(second ?? 0);
});

describe("a missing object of the log", () => {
  test("ends what is restored, and terminal and JSON say which is missing and how many later ones were of no use", async () => {
    const missing = at(3);
    rmSync(join(copy, missing));
    const { code, out } = await home.cli(["restore", copy]);
    expect(code).toBe(0);
    expect(out).toContain(`THE LOG HAS A GAP: ${missing} is missing`);
    expect(out).toContain("2 later objects");
    expect(out).toContain("what was written later is lost");
    const { gap, counts } = await home.json<RestoreResult>(["restore", copy, "--replace"]);
    expect(gap).toEqual({ object: missing, problem: "missing", unused: 2 });
    expect(counts.gap).toEqual({ object: missing, unused: 2 });
    expect(counts.rows["cases"]).toBeLessThan(6);
  }, 300_000);

  test("fails the proof, and the list says until when the log is whole", async () => {
    const [missing, until] = [at(3), new Date(finishedAt() + 5000)];
    utimesSync(join(copy, at(4)), until, until);
    rmSync(join(copy, missing));
    expect(await verify()).toMatchObject({ code: 1, gap: { object: missing, unused: 2 } });
    const { out } = await home.cli(["backup", "list", copy]);
    expect(out).toContain(`THE LOG HAS A GAP: ${missing} is missing`);
    expect(out).toContain(`and the log since, until ${momentInTokyo(until)}`);
  }, 300_000);
});

test("an object of the log that holds another one's content is noticed", async () => {
  copyFileSync(join(copy, at(5)), join(copy, at(1)));
  expect(await verify()).toMatchObject({ code: 1, gap: { object: at(1), problem: "foreign", unused: 0 } });
}, 300_000);

test("an altered object of the log ends what is restored, and costs a moment before it nothing", async () => {
  flipByte(at(2));
  expect(await verify()).toMatchObject({ code: 1, gap: { object: at(2), problem: "damaged", unused: 1 } });
  const early = await home.json<RestoreResult>(["restore", copy, "--at", firstAt]);
  expect([early.gap, early.counts.rows["cases"]]).toEqual([undefined, 2]);
}, 300_000);

test("a moment behind the gap is refused with the object that is missing", async () => {
  const lastAt = new Date(Date.parse(firstAt) + 1).toISOString();
  for (const name of logSince().slice(1, -1)) rmSync(join(copy, name));
  const { code, err } = await home.cli(["restore", copy, "--at", lastAt]);
  expect(code).toBe(1);
  expect(err).toContain("The backup ends before");
  expect(err).toContain("THE LOG HAS A GAP");
}, 300_000);

describe("a damaged base backup", () => {
  test.each(["0000.part", "manifest.json.zst.age"])(
    "with an altered %s is refused with its name, and with the older one that brings back as much",
    async (object) => {
      flipByte(`${baseOf(newest)}/${object}`);
      const { code, err } = await home.cli(["restore", copy]);
      expect(code).toBe(1);
      expect(err).toContain(`${baseOf(newest)}/${object}`);
      expect(err).toContain(`--base ${older?.id}`);
      const { counts, base } = await home.json<RestoreResult>(["restore", copy, "--base", older?.id ?? ""]);
      expect([base.id, counts.rows["cases"]]).toEqual([older?.id, 6]);
    },
    300_000,
  );

  test("with the parts of another one is refused", async () => {
    copyFileSync(join(copy, baseOf(older), "0000.part"), join(copy, baseOf(newest), "0000.part"));
    const { code, err } = await home.cli(["restore", copy]);
    expect(code).toBe(1);
    expect(err).toContain(`${baseOf(newest)}/0000.part`);
    expect(err).toContain(`--base ${older?.id}`);
  }, 300_000);

  test("of before parts had hashes comes back, and with an altered part is refused with its place", async () => {
    Object.assign(env, { BACKUP_KEY: home.variables["BACKUP_KEY"] });
    const store = openFolder(copy);
    const manifest = (await listBases(store)).at(-1);
    if (!manifest) throw new Error("no base backup");
    expect(manifest.partHashes).toHaveLength(manifest.parts);
    const { backupKey: _, partHashes: __, ...earlier } = manifest;
    await writeManifest(store, earlier);
    expect(await verify()).toMatchObject({ code: 0, rows: { cases: 6 } });
    flipByte(`${baseOf(newest)}/0000.part`);
    const altered = await home.cli(["restore", copy]);
    expect(altered.err).toContain(`A part of ${baseOf(newest)} was altered or cut off.`);
    expect(altered.err).toContain(`--base ${older?.id}`);
    copyFileSync(join(copy, baseOf(older), "0000.part"), join(copy, baseOf(newest), "0000.part"));
    const exchanged = await home.cli(["restore", copy]);
    expect(exchanged.err).toContain(`The parts of ${baseOf(newest)} belong to another backup`);
  }, 300_000);
});

test("an altered guide, and one that holds another's content, stay behind, and the rest comes back", async () => {
  const guides = readdirSync(join(copy, "files"), { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  );
  const [first, second, third] = guides.map(({ parentPath, name }) => relative(copy, join(parentPath, name)));
  flipByte(first ?? "");
  copyFileSync(join(copy, third ?? ""), join(copy, second ?? ""));
  const { code, err } = await home.cli(["restore", copy]);
  expect([code, err.match(/stays behind: it was altered/gu)?.length]).toEqual([0, 2]);
  expect(readdirSync(join(home.dataDir, "guides"))).toHaveLength(guides.length - 2);
}, 300_000);
