/** An installation moves: everything that it holds is there again, and nobody who reads the export reads a family's words. */

import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { openCase } from "#api/cases/case.ts";
import { sendReply } from "#api/correspondence/reply.ts";
import { addEntry } from "#api/entries/write-entry.ts";
import { installBundledGuides } from "#api/guides/install-bundled.ts";
import { loadSample } from "#api/sample/sample.ts";
import { appendNow } from "#db/backup/logs.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { sealedPlaces } from "#db/vault/sealed-places.ts";
import { openVault } from "#db/vault/vault.ts";
import { runCommand } from "../../command.ts";
import { whileDatabaseIsAt } from "../../database.ts";
import { get, type Member, member, receive, signIn } from "../requests.ts";
import { emptyDatabase, exported, filesBelow, imported, manifestOf, newFolder, rowsOf } from "./installations.ts";

/** What a family and staff wrote, and who they are; none of it may be read in a sealed export. */
const secrets = [
  "かなりあの歌",
  "金糸雀 鳴子",
  "canary-family@example.jp",
  "03-1234-5678",
  "電話でうたった",
  "返事のうた",
];

let manager: Member;
let caseId: string;

beforeAll(async () => {
  await installBundledGuides();
  await loadSample();
  manager = await member("manager");
  const [message = "", name = "", email = "", phone = "", what = "", reply = ""] = secrets;
  ({ caseId } = await receive({ message, name, email, phone, reply_by: "email" }));
  const call = { channel: "phone", from_party: "staff", to_party: "family" } as const;
  await addEntry(manager, caseId, { ...call, happened_at: new Date(), what });
  await sendReply(manager, caseId, { reply, latest: "", take: true });
});

test("an export comes back whole in another database: rows, files, numbers and one case that opens", async () => {
  const { folder, manifest } = await exported();
  const url = await emptyDatabase();
  const { code, value, dataDir } = await imported(folder, url);

  expect(code).toBe(0);
  const counts = Object.fromEntries(Object.entries(manifest.tables).map(([name, { rows }]) => [name, rows]));
  expect(value).toMatchObject({ tables: counts, erased: 0, accepted: 0 });
  expect(Object.keys(manifest.files).length).toBe(4);
  for (const name of Object.keys(manifest.files))
    expect(readFileSync(join(dataDir, name.replace("files/", "")))).toEqual(readFileSync(join(folder, name)));
  const again = await exported(url);
  expect(again.manifest).toEqual({ ...manifest, createdAt: again.manifest.createdAt, files: again.manifest.files });
  await whileDatabaseIsAt(url, async () => {
    await openVault();
    const opened = await openCase(manager, caseId);
    expect(opened.consultations[0]).toMatchObject({ message: secrets[0], contact: { name: secrets[1] } });
    const { caseId: next } = await receive({ message: "そのあとの相談です。", reply_by: "none" });
    expect(next).not.toBe(caseId);
    const [audit] = await db.execute(
      sql`select count(*)::int as count from audit_events group by id having count(*) > 1`,
    );
    expect(audit).toBeUndefined();
  });
});

test("nothing that a family wrote, and no name or address of theirs, can be read in an export", async () => {
  const { folder } = await exported();
  const wanted = secrets.flatMap((text) => [
    text,
    JSON.stringify(text).slice(1, -1),
    Buffer.from(text).toString("base64").slice(0, -4),
  ]);
  const found = filesBelow(folder).filter((path) => {
    const content = readFileSync(path);
    return wanted.some((text) => content.includes(text));
  });
  expect(found).toEqual([]);
  for (const key of [env.VAULT_KEY ?? "", Buffer.from(env.VAULT_KEY ?? "", "base64").toString("hex")])
    expect(filesBelow(folder).filter((path) => readFileSync(path).includes(key))).toEqual([]);
});

test("sessions and what a crash may empty stay behind, each with its reason", async () => {
  const cookie = await signIn(manager);
  expect((await get("/staff", { cookie })).status).toBe(200);
  const { folder, manifest } = await exported();
  const { leftOut, tables } = manifest;
  expect(Object.keys(leftOut).toSorted()).toEqual([
    ...["kept_pages", "mail_counts", "processes", "rate_windows", "sign_in_attempts"],
    ...["staff_rate_limits", "staff_sessions", "staff_verifications", "visits"],
  ]);
  expect(Object.keys(leftOut).filter((name) => name in tables)).toEqual([]);
  const [session] = await db.execute<{ token: string }>(sql`select token from staff_sessions limit 1`);
  expect(filesBelow(folder).filter((path) => readFileSync(path).includes(session?.token ?? ""))).toEqual([]);
});

test("a family that was erased after the export is erased again by the import", async () => {
  const { caseId: erased } = await receive({ message: "忘れてほしい相談です。", reply_by: "none" });
  const { folder } = await exported();
  const url = await emptyDatabase();
  // The logs beside the backups, or of DATA_DIR: here as an older version wrote them.
  appendNow("tombstones", { at: new Date().toISOString(), case: erased, reason: "request" });
  const { value } = await imported(folder, url, { DATA_DIR: env.DATA_DIR });
  expect(value).toMatchObject({ erased: 1 });
  await whileDatabaseIsAt(url, async () => {
    const rows = await db.execute(sql`select wrapped_key from cases where id = ${erased}`);
    expect([...rows]).toEqual([{ wrapped_key: null }]);
  });
  const later = await exported();
  const names = Object.keys(later.manifest.files).filter((name) => name.startsWith("files/logs/tombstones/"));
  expect(names.map((name) => readFileSync(join(later.folder, name), "utf8")).join("")).toContain(erased);
});

test("an open copy is written after a warning alone, shows every sealed place, and is never imported", async () => {
  const folder = newFolder();
  const variables = { DATA_DIR: env.DATA_DIR, LOG: "off", BACKUP_DAYS: "0" };
  const refused = await runCommand(["export", folder, "--open"], { variables });
  expect([refused.code, existsSync(folder)]).toEqual([1, false]);
  expect(refused.err).toContain("WARNING");
  expect((await runCommand(["export", folder, "--open", "--yes"], { variables })).code).toBe(0);

  for (const [place, { sealedWith }] of Object.entries(sealedPlaces)) {
    if (sealedWith === "vault" || sealedWith === "token") continue;
    const [table = "", column = ""] = place.split(".");
    const keyTable = sealedWith.split(".")[0] ?? "";
    const [row] = await db.execute<{ count: number }>(
      sql`select count(*)::int as count from ${sql.identifier(table)} where octet_length(${sql.identifier(column)}) > 0`,
    );
    const opened = rowsOf(folder, table).filter((each) => each[column] !== null);
    // Erased rows hold nothing, and no sample lies under a key that is gone.
    expect([place, keyTable, opened.length]).toEqual([place, keyTable, row?.count]);
    expect(opened.filter((each) => String(each[column]).startsWith("AQ"))).toEqual([]);
  }
  const text = filesBelow(folder)
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");
  expect(secrets.filter((secret) => !text.includes(secret))).toEqual([]);
  expect([folder, ...filesBelow(folder)].map((path) => statSync(path).mode & 0o077)).not.toContain(0o44);
  expect(manifestOf(folder).isOpen).toBe(true);
  const { code, value } = await imported(folder, await emptyDatabase());
  expect([code, value["error"]]).toEqual([1, expect.stringContaining("This is an open copy")]);
});
