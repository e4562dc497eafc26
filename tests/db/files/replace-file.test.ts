import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { replaceFile } from "#db/files/replace-file.ts";

const folder = mkdtempSync(join(tmpdir(), "komichi-replaced-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("writers at the same time all succeed, and leave one whole file that is nobody else's to read", async () => {
  const path = join(folder, "copy.json");
  const texts = Array.from({ length: 20 }, (_, at) => JSON.stringify({ at, filled: "あ".repeat(20_000) }));
  await Promise.all(texts.map((text) => replaceFile(path, text)));
  expect(texts).toContain(readFileSync(path, "utf8"));
  expect([readdirSync(folder), statSync(path).mode & 0o777]).toEqual([["copy.json"], 0o600]);
});

test("where a file cannot be written nothing is left behind", async () => {
  await expect(replaceFile(join(folder, "none", "copy.json"), "x")).rejects.toThrow("ENOENT");
  expect(readdirSync(folder)).toEqual(["copy.json"]);
});
