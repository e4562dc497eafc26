/** What the first start prints of the two keys, and that no later one does. */

import { spawn } from "node:child_process";
import { closeSync, fstatSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { nodeEnvironment, nodeFlags } from "#api/process/node-options.mjs";
import { freePort } from "#db/cluster/address.ts";
import { readWrittenKey } from "#db/vault/written-keys.ts";
import { installation, type Installation, variablesOf } from "../db/vault/installations.ts";

vi.setConfig({ testTimeout: 240_000 });

const folder = mkdtempSync(join(tmpdir(), "komichi-first-start-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts the product until it has printed its addresses, and stops it. Returns what it printed, and its log. */
async function startOnce(
  place: Installation,
  { toJournal = false } = {},
): Promise<{ printed: string; logged: string }> {
  const [out, err] = [join(folder, "out"), join(folder, "err")];
  const [stdout, stderr] = [openSync(out, "w"), openSync(err, "w")];
  const { dev, ino } = fstatSync(stdout);
  const child = spawn(process.execPath, [...nodeFlags, "api/main.ts"], {
    env: {
      ...{ ...nodeEnvironment, ...process.env, ...variablesOf(place), BACKUP_KEY: "", BACKUP_DAYS: "0", LOG: "json" },
      ...{ PORT: String(await freePort()), JOURNAL_STREAM: toJournal ? `${dev}:${ino}` : "8:15" },
    },
    stdio: ["ignore", stdout, stderr],
  });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  await expect.poll(() => readFileSync(out, "utf8"), { timeout: 120_000 }).toContain("stop with Ctrl-C");
  child.kill("SIGTERM");
  await gone;
  for (const file of [stdout, stderr]) closeSync(file);
  return { printed: readFileSync(out, "utf8"), logged: readFileSync(err, "utf8") };
}

const writtenKeys = (text: string) => text.match(/\b(?:[0-9A-Z]{5}-){12}[0-9A-Z]{5}\b/gu) ?? [];
const fileOf = ({ data }: Installation, kind: string) => readFileSync(join(data, `${kind}.key`), "utf8").trim();

test("both keys are printed once, as people write them down, and never logged", async () => {
  const place = await installation();
  const first = await startOnce(place);
  const [vault = "", backup = "", ...others] = writtenKeys(first.printed);
  expect(others).toEqual([]);
  expect(readWrittenKey("vault", vault).toString("base64")).toBe(fileOf(place, "vault"));
  expect(readWrittenKey("backup", backup).toString("base64")).toBe(fileOf(place, "backup"));
  for (const words of ["IMPORTANT", "金庫の鍵", "バックアップの鍵", "apart from the backups and from each other"])
    expect(first.printed).toContain(words);
  // As with `nohup npm start > log`: both keys stand in that file now.
  expect(first.printed).toContain("WARNING: this output goes into a file");
  const second = await startOnce(place);
  expect([writtenKeys(second.printed), writtenKeys(first.logged + second.logged)]).toEqual([[], []]);
  for (const words of ["IMPORTANT", "WARNING"]) expect(second.printed).not.toContain(words);
});

test("into systemd's journal, which keeps what is printed, it prints how to see them", async () => {
  const place = await installation();
  const { printed } = await startOnce(place, { toJournal: true });
  expect(writtenKeys(printed)).toEqual([]);
  expect(printed).toContain("npm run -s cli -- keys");
  expect(fileOf(place, "vault")).toHaveLength(44);
});
