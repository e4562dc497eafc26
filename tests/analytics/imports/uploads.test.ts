/** A file between its upload and its import. */

import { randomBytes } from "node:crypto";
import { eq } from "drizzle-orm";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { importAds, lockImports } from "#analytics/imports/import.ts";
import { openImport } from "#analytics/imports/list.ts";
import {
  beginImport,
  chooseForUpload,
  deleteOldUploads,
  importUpload,
  openUpload,
  readUpload,
  storeUpload,
} from "#analytics/imports/uploads.ts";
import { db, transaction } from "#db/client.ts";
import { adImports, adSpend, adUploadParts, adUploads } from "#db/schema/attribution.ts";
import { staff } from "#db/schema/staff.ts";
import { analyst, empty, exported } from "../fixtures.ts";

beforeAll(() => db.insert(staff).values(analyst));
beforeEach(async () => {
  await empty();
  await db.delete(adUploads);
});

const whole = "キーワード,キャンペーン,広告グループ,表示回数,クリック数,費用";
const store = (text: string) => storeUpload(analyst, { name: "a.csv", bytes: Buffer.from(text) });

test("a file of several parts is read whole, changes nothing until it is imported, and then leaves no copy", async () => {
  const rows = Array.from({ length: 20_000 }, (_, n) => `${randomBytes(30).toString("hex")}${n},岡山,学習,10,1,100`);
  const id = await store(exported(whole, rows));
  expect(await db.$count(adUploadParts)).toBe(2);
  await readUpload(analyst, id);
  expect(await openUpload(analyst, id)).toMatchObject({ state: "refused", refusal: expect.stringContaining("通貨が") });
  await expect(beginImport(analyst, id)).rejects.toThrow("まだ読み終わっていません");
  await chooseForUpload(analyst, id, { currency: "JPY", account: "検索" });
  await readUpload(analyst, id);
  const { state, preview } = await openUpload(analyst, id);
  expect([state, preview?.rows, preview?.sums?.cost, preview?.isNewAccount]).toEqual(["read", 20_000, "2000000", true]);
  expect([await db.$count(adImports), await db.$count(adSpend)]).toEqual([0, 0]);
  await beginImport(analyst, id);
  await expect(beginImport(analyst, id)).rejects.toThrow("すでに取り込まれている");
  await importUpload(analyst, id);
  const done = await openUpload(analyst, id);
  expect([done.state, await db.$count(adSpend), await db.$count(adUploadParts)]).toEqual(["imported", 20_000, 0]);
  expect(await db.select().from(adImports)).toMatchObject([{ id: done.importId, importedBy: analyst.id }]);
});

test.each([
  ["no currency", `${whole}\n入院,岡山,学習,10,1,100`, true],
  ["no period", `${whole},通貨コード\n入院,岡山,学習,10,1,100,JPY`, true],
  ["no cost", exported("キーワード,キャンペーン,表示回数,クリック数", ["入院,岡山,10,1"]), false],
  ["PDF", "%PDF-1.7", false],
])("a refused file is asked for what may mend it, and for nothing else: %s", async (_, text, needsChoice) => {
  const id = await store(text);
  await readUpload(analyst, id);
  const { state, refusal } = await openUpload(analyst, id);
  expect(state).toBe("refused");
  expect(refusal).not.toContain("--");
  expect((await openUpload(analyst, id)).needsChoice).toBe(needsChoice);
});

test("of a file's name no more is kept than can be shown", async () => {
  const id = await storeUpload(analyst, { name: `\u202e${"長".repeat(300)}.csv`, bytes: Buffer.from("x") });
  expect((await openUpload(analyst, id)).file).toBe("長".repeat(200));
});

test("work that a restart broke off can be begun again", async () => {
  const id = await store(exported(`${whole},通貨コード`, ["入院,岡山,学習,10,1,100,JPY"]));
  await readUpload(analyst, id);
  await beginImport(analyst, id);
  await db
    .update(adUploads)
    .set({ activeAt: new Date(Date.now() - 61_000) })
    .where(eq(adUploads.id, id));
  expect(await openUpload(analyst, id)).toMatchObject({ isBrokenOff: true });
  await beginImport(analyst, id);
  await importUpload(analyst, id);
  expect(await openUpload(analyst, id)).toMatchObject({ state: "imported" });
});

test("an upload says what is done: it waits for another import, reads, and counts", async () => {
  const id = await store(exported(`${whole},通貨コード`, ["入院,岡山,学習,10,1,100,JPY"]));
  await readUpload(analyst, id);
  await beginImport(analyst, id);
  let importing: Promise<void> | undefined;
  await transaction(async (tx) => {
    await lockImports(tx);
    importing = importUpload(analyst, id);
    await expect.poll(async () => (await openUpload(analyst, id)).step).toBe("waiting");
  });
  await importing;
  expect(await openUpload(analyst, id)).toMatchObject({ state: "imported", step: "counting", rowsRead: 1 });
});

test("an import that waits for a minute is not taken for broken off", async () => {
  const id = await store(exported(`${whole},通貨コード`, ["入院,岡山,学習,10,1,100,JPY"]));
  await readUpload(analyst, id);
  await beginImport(analyst, id);
  const seen = () => openUpload(analyst, id);
  let importing: Promise<void> | undefined;
  await transaction(async (tx) => {
    await lockImports(tx);
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    importing = importUpload(analyst, id);
    await expect.poll(async () => (await seen()).step).toBe("waiting");
    const aMinuteAgo = () =>
      db
        .update(adUploads)
        .set({ activeAt: new Date(Date.now() - 61_000) })
        .where(eq(adUploads.id, id));
    // Again until it stays: the import may note that it waits at the same moment.
    await expect.poll(() => aMinuteAgo().then(async () => (await seen()).isBrokenOff)).toBe(true);
    vi.advanceTimersByTime(10_000);
    await expect.poll(async () => (await seen()).isBrokenOff).toBe(false);
    vi.useRealTimers();
  });
  await importing;
  expect(await seen()).toMatchObject({ state: "imported" });
});

test("what undoing would change is not tried while an import is under way, nor unasked where that takes a while", async () => {
  const [imported] = await importAds([
    { name: "a.csv", bytes: Buffer.from(exported(`${whole},通貨コード`, ["入院,岡山,学習,10,1,100,JPY"])) },
  ]);
  const importId = imported?.id ?? "";
  expect((await openImport(analyst, importId)).undo).toMatchObject({ changes: [{ campaign: "岡山" }] });
  await transaction(async (tx) => {
    await lockImports(tx);
    expect((await openImport(analyst, importId)).undo).toBe("busy");
  });
  await db.update(adImports).set({ rows: 20_001 });
  expect((await openImport(analyst, importId)).undo).toBe("unasked");
  expect((await openImport(analyst, importId, true)).undo).toMatchObject({ changes: [{ campaign: "岡山" }] });
});

test("what nobody imported is gone after a day", async () => {
  const id = await store("x");
  expect(await deleteOldUploads(new Date(Date.now() + 23 * 3_600_000))).toBe(0);
  expect(await deleteOldUploads(new Date(Date.now() + 25 * 3_600_000))).toBe(1);
  expect(await db.$count(adUploadParts)).toBe(0);
  await expect(openUpload(analyst, id)).rejects.toThrow("no such row");
});

test("only managers and analysts see uploads", async () => {
  const peer = { ...analyst, role: "peer" as const };
  await expect(storeUpload(peer, { name: "a", bytes: Buffer.from("a") })).rejects.toThrow("may not");
  await expect(openUpload(peer, "x")).rejects.toThrow("may not");
});
