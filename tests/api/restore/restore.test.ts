/** The data directory is gone, and a backup outside of it brings everything back. */

import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pruneBackups } from "#api/backup/prune.ts";
import { openFolder } from "#db/backup/folder.ts";
import { connectAsOwner, disconnect } from "#db/client.ts";
import { identity, urlOf } from "#db/cluster/address.ts";
import { joinCluster } from "#db/cluster/cluster.ts";
import { isAlive } from "#db/cluster/lock.ts";
import { env } from "#db/env.ts";
import type { RestoreCounts } from "#db/schema/restores.ts";
import { type MailServer, startMailServer } from "../../mail-server.ts";
import type { Running } from "../../process.ts";
import { canary, consult, type Installation, makeInstallation, newKey, nextRun } from "./installation.ts";

interface Result {
  restoredTo: string;
  counts: RestoreCounts;
  movedTo?: string;
}

let mails: MailServer;
let home: Installation;
let product: Running;
let betweenAt: string;
const references: string[] = [];

const address = (n: number) => `family-${n}@example.jp`;
const receiptsOf = (n: number) => mails.messages.filter(({ recipients }) => recipients.includes(address(n)));

beforeAll(async () => {
  mails = await startMailServer();
  home = await makeInstallation({ SMTP_URL: `smtp://127.0.0.1:${mails.port}`, STAFF_NOTIFY: "staff@example.jp" });
  product = await home.start();
  for (let n = 0; n < 3; n++) references.push(await consult(product, address(n)));
  await home.json(["backup"]);
  await nextRun(product, "ship_wal");
  betweenAt = new Date().toISOString();
  for (let n = 3; n < 6; n++) references.push(await consult(product, address(n)));
  // Erased after the base backup was taken: it comes back, and has to be forgotten again.
  await home.json(["erase", references[0] ?? ""]);
  for (let n = 0; n < 6; n++) await mails.waitFor(({ recipients }) => recipients.includes(address(n)));
  await nextRun(product, "ship_wal");
  home.destroy();
}, 300_000);

afterAll(async () => {
  await home.end();
  await mails.close();
});

/** Asks the database of the installation, which is started for that and left. */
async function ask<T extends Record<string, unknown>>(statement: string) {
  const cluster = await joinCluster(home.dataDir);
  const owner = connectAsOwner(urlOf(home.dataDir, identity(home.dataDir), "komichi"));
  try {
    return [...(await owner.execute<T>(statement))];
  } finally {
    await disconnect(owner);
    await cluster.leave();
  }
}

const storedReferences = async () =>
  (await ask<{ reference: string }>("select reference from leads order by received_at")).map((row) => row.reference);

test("a stolen backup holds no canary and no address, and neither key", () => {
  const files = readdirSync(home.backupDir, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  expect(files.length).toBeGreaterThan(5);
  const keys = ["VAULT_KEY", "BACKUP_KEY"].flatMap((name) => {
    const text = home.variables[name] ?? "";
    return [Buffer.from(text), Buffer.from(text, "base64")];
  });
  const secrets = [...Object.values(canary), address(1), "example.jp"].map((text) => Buffer.from(text));
  for (const file of files) {
    const content = readFileSync(join(file.parentPath, file.name));
    for (const secret of [...secrets, ...keys])
      expect({ file: file.name, holds: content.includes(secret) }).toEqual({ file: file.name, holds: false });
  }
});

test("without the vault's key, or with another key of the backup, nothing is restored and the sentence says what is missing", async () => {
  const noVault = await home.cli(["restore"], { VAULT_KEY: newKey() });
  expect(noVault).toMatchObject({ code: 1, out: "" });
  expect(noVault.err).toContain("vault's key");
  const noKey = await home.cli(["restore"], { BACKUP_KEY: newKey() });
  expect(noKey.code).toBe(1);
  expect(noKey.err).toContain("No key for backups that is here opens this backup");
  expect(readdirSync(home.dataDir).filter((name) => name !== "backup.key")).toEqual([]);
});

test("restored, everything answered is there, what was erased stays erased, and no mail goes out twice", async () => {
  const { counts, restoredTo } = await home.json<Result>(["restore"]);
  expect(await storedReferences()).toEqual(references);
  expect(counts.rows).toMatchObject({ cases: 6, consultations: 6, leads: 6 });
  expect(counts.uncertain).toBe(0); // from a folder every acceptance is known
  expect(new Date(restoredTo).getTime()).toBeGreaterThan(new Date(betweenAt).getTime());
  const [erased] = await ask<{ count: string }>("select count(*) from cases where wrapped_key is null");
  expect(erased?.count).toBe("1");
  const sent = mails.messages.length;
  product = await home.start();
  await consult(product, address(6));
  await expect.poll(() => mails.messages.length).toBe(sent + 2); // the new receipt, and the notice to staff
  expect(receiptsOf(6)).toHaveLength(1);
  for (let n = 0; n < 6; n++) expect({ n, receipts: receiptsOf(n).length }).toEqual({ n, receipts: 1 });
  product.process.kill("SIGTERM");
  await new Promise((resolve) => product.process.once("exit", resolve));
}, 300_000);

test("to a moment: what came later is gone, what was erased later is erased all the same, and sent mails stay sent", async () => {
  rmSync(home.dataDir, { recursive: true });
  const { counts, restoredTo } = await home.json<Result>(["restore", "--at", betweenAt]);
  expect(await storedReferences()).toEqual(references.slice(0, 3));
  expect(new Date(restoredTo) <= new Date(betweenAt)).toBe(true);
  expect(counts.erased).toBe(1);
  const [erased] = await ask<{ reference: string }>(
    "select l.reference from cases k join consultations c on c.case_id = k.id join leads l on l.id = c.lead_id where k.wrapped_key is null",
  );
  expect(erased?.reference).toBe(references[0]);
  const open = await ask("select 1 from deliveries where state <> 'accepted'");
  expect(open).toEqual([]);
  const [restore] = await ask<{ requested_at: string; counts: RestoreCounts }>(
    "select requested_at, counts from restores",
  );
  expect(new Date(restore?.requested_at ?? 0).toISOString()).toBe(betweenAt);
  expect(restore?.counts).toEqual(counts);
}, 300_000);

test("a moment outside of the backups is refused with a sentence, and nothing changes", async () => {
  const before = readdirSync(home.dataDir).toSorted();
  const early = await home.cli(["restore", "--replace", "--at", "2020-01-01T00:00:00+09:00"]);
  expect(early).toMatchObject({ code: 1, out: "" });
  expect(early.err).toContain("The oldest backup there is of");
  const late = await home.cli(["restore", "--replace", "--at", "2040-01-01T00:00:00+09:00"]);
  expect(late.code).toBe(1);
  expect(late.err).toContain("The backup ends before 2040-01-01T00:00:00+09:00");
  const vague = await home.cli(["restore", "--at", "yesterday"]);
  expect(vague.code).toBe(2);
  const nowhere = await home.cli(["restore", "--replace", join(home.dataDir, "nowhere")]);
  expect([nowhere.code, nowhere.err.trim()]).toEqual([1, `There is no folder ${join(home.dataDir, "nowhere")}.`]);
  const part = await home.cli(["backup", "list", join(home.backupDir, "sets")]);
  expect([part.code, part.err]).toEqual([1, expect.stringContaining("is a part of a backup")]);
  expect(readdirSync(home.dataDir).toSorted()).toEqual(before);
}, 300_000);

test("a database that is there is moved aside only when that was asked for, and never deleted", async () => {
  const refused = await home.cli(["restore"]);
  expect(refused.code).toBe(1);
  expect(refused.err).toContain("--replace");
  const { movedTo } = await home.json<Result>(["restore", "--replace"]);
  expect(existsSync(join(movedTo ?? "", "pg/PG_VERSION"))).toBe(true);
  expect(await storedReferences()).toEqual(references);
}, 300_000);

test("while the product runs on the folder, nothing is restored", async () => {
  product = await home.start({ BACKUP_DAYS: "0" });
  const refused = await home.cli(["restore", "--replace"]);
  expect(refused.code).toBe(1);
  expect(refused.err).toContain("Stop it first");
  expect(isAlive(product.process.pid ?? 0)).toBe(true);
}, 300_000);

test("verify restores beside the running database, opens a case, and leaves nothing behind", async () => {
  const before = readdirSync(home.dataDir).toSorted();
  const verified = await home.json<{ rows: Record<string, number>; openedCharacters: number }>(["backup", "verify"]);
  expect(verified.rows).toMatchObject({ cases: 6 });
  expect(verified.openedCharacters).toBe([...canary.message].length);
  expect(readdirSync(home.dataDir).toSorted()).toEqual(before);
}, 300_000);

test("after a change of the backups' key a backup opens with the new key alone, guides included", async () => {
  product.process.kill("SIGTERM");
  await new Promise((resolve) => product.process.once("exit", resolve));
  const [before, after] = [home.variables["BACKUP_KEY"] ?? "", newKey()];
  await home.json(["backup"], { BACKUP_KEY: `${after},${before}` });
  const guides = readdirSync(join(home.dataDir, "guides"));
  // The backup of before is kept, and so is what it needs.
  await prunedWith(after, before);
  rmSync(home.dataDir, { recursive: true });
  const old = await home.cli(["restore"], { BACKUP_KEY: before });
  expect({ code: old.code, staysBehind: `${old.out}${old.err}`.includes("stays behind") }).toEqual({
    ...{ code: 0, staysBehind: false },
  });
  expect(readdirSync(join(home.dataDir, "guides"))).toEqual(guides);
  rmSync(home.dataDir, { recursive: true });
  const { code, out, err } = await home.cli(["restore"], { BACKUP_KEY: after });
  expect({ code, staysBehind: `${out}${err}`.includes("stays behind") }).toEqual({ code: 0, staysBehind: false });
  expect(readdirSync(join(home.dataDir, "guides"))).toEqual(guides);
  expect(guides.length).toBeGreaterThan(0);
}, 300_000);

/** Deletes from the store what is older than 35 days, as the job does, holding these keys. */
async function prunedWith(...keys: string[]): Promise<void> {
  const { BACKUP_KEY } = env;
  Object.assign(env, { BACKUP_KEY: keys.join(",") });
  await pruneBackups(openFolder(home.backupDir), 35, new Date());
  Object.assign(env, { BACKUP_KEY });
}

test("keys that were typed oldest first are put in order, and the terminal says which is in use", async () => {
  await home.json(["backup"]); // of which the database that it holds knows nothing yet
  rmSync(home.dataDir, { recursive: true });
  const [older, newest] = [newKey(), home.variables["BACKUP_KEY"] ?? ""];
  const typed = { VAULT_KEY: "", BACKUP_KEY: "" };
  for (const [kind, key] of [
    ["vault", newKey()],
    ["vault", home.variables["VAULT_KEY"] ?? ""],
    ["backup", older],
    ["backup", newest],
  ] as const)
    expect(await home.cli(["keys", "enter", kind], { ...typed, BACKUP_DIR: "" }, `${key}\n`)).toMatchObject({
      code: 0,
    });
  const { code, out, err } = await home.cli(["restore", home.backupDir], typed);
  expect([code, out]).toEqual([0, expect.stringContaining("mails known to be sent: ")]);
  expect(err).toMatch(/The vault key in use is [\da-f]{8}; kept to open older things/u);
  expect(err).toMatch(/The backup key in use is [\da-f]{8}; kept to open older things/u);
  const firstOf = (kind: string) => readFileSync(join(home.dataDir, `${kind}.key`), "utf8").split("\n")[0];
  expect([firstOf("vault"), firstOf("backup")]).toEqual([home.variables["VAULT_KEY"], newest]);
  const [run] = await ask<{ kept: number }>(
    "select (counts->>'kept')::int as kept from job_runs where name = 'take_backup'",
  );
  expect(run?.kept).toBe((await home.json<{ bases: object[] }>(["backup", "list"])).bases.length);
}, 300_000);

test("a backup that a newer version upgraded is refused before it is put in place", async () => {
  product = await home.start();
  await home.json(["backup"]);
  await ask("insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 4102444800000)");
  await nextRun(product, "ship_wal");
  product.process.kill("SIGTERM");
  await new Promise((resolve) => product.process.once("exit", resolve));
  rmSync(home.dataDir, { recursive: true });
  const refused = await home.cli(["restore"]);
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("of a newer version of the product")]);
  expect(readdirSync(home.dataDir)).toEqual([]);
}, 300_000);
