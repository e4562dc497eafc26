/** An installation moves: everything that it holds is there again, and nobody who reads the export reads a family's words. */

import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { beforeAll, expect, test, vi } from "vitest";
import { openCase } from "#api/cases/case.ts";
import { sendReply } from "#api/correspondence/reply.ts";
import { addEntry } from "#api/entries/write-entry.ts";
import { installBundledGuides } from "#api/guides/install-bundled.ts";
import { portableCommands } from "#api/portable/command.ts";
import { folderSource } from "#api/portable/folder.ts";
import { importExport } from "#api/portable/import.ts";
import { loadSample } from "#api/sample/sample.ts";
import { readAudit } from "#db/audit-trail.ts";
import { appendAcceptance, appendTombstone } from "#db/backup/logs.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { newId } from "#db/random/ids.ts";
import { sealedPlaces } from "#db/vault/sealed-places.ts";
import { idFromToken, tokenForId } from "#db/vault/tokens.ts";
import { writeKey } from "#db/vault/written-keys.ts";
import { type Member, member, receive, signIn } from "../requests.ts";
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
  await signIn(manager);
  const [message = "", name = "", email = "", phone = "", what = "", reply = ""] = secrets;
  ({ caseId } = await receive({ message, name, email, phone, reply_by: "email" }));
  const call = { channel: "phone", from_party: "staff", to_party: "family" } as const;
  await addEntry(manager, caseId, { ...call, happened_at: new Date(), what });
  await sendReply(manager, caseId, { reply, latest: "", take: true });
});

test("an export comes back whole in another database: rows, files, numbers and one case that opens", async () => {
  const { folder, manifest } = await exported();
  const url = await emptyDatabase();
  const token = tokenForId("download", caseId);
  const answer = await imported(folder, url, {
    act: async () => {
      const opened = await openCase(manager, caseId);
      expect(opened.consultations[0]).toMatchObject({ message: secrets[0], contact: { name: secrets[1] } });
      // Numbers go on behind those of before, and codes that the installation gave out are still its own.
      await receive({ message: "そのあとの相談です。", reply_by: "none" });
      expect(idFromToken("download", token)).toBe(caseId);
    },
  });

  const counts = Object.fromEntries(Object.entries(manifest.tables).map(([name, { rows }]) => [name, rows]));
  expect(answer).toMatchObject({ tables: counts, files: 4, erased: 0, accepted: 0, waiting: 3 });
  for (const name of Object.keys(manifest.files))
    expect(readFileSync(join(answer.dataDir, name.replace("files/", "")))).toEqual(readFileSync(join(folder, name)));
});

test("numbers that may have been given out since the export are skipped, and mails sent since are told apart", async () => {
  const next = async () =>
    Number((await db.execute<{ n: string }>(sql`select nextval('audit_events_id_seq') as n`))[0]?.n);
  const { folder } = await exported();
  const given = await next();
  await appendAcceptance({ at: new Date(Date.now() + 60_000).toISOString(), id: newId() });
  let first = 0;
  const act = async () => void (first = await next());
  const { accepted, lost } = await imported(folder, await emptyDatabase(), { dataDir: env.DATA_DIR, act });
  expect(first).toBeGreaterThan(given + 99_000);
  expect({ accepted, lost }).toEqual({ accepted: 0, lost: 1 });
  rmSync(join(env.DATA_DIR, "logs", "accepted"), { recursive: true });
});

test("a key for backups that an import makes is printed, to be written down", async () => {
  const { folder } = await exported();
  const { said, dataDir } = await imported(folder, await emptyDatabase());
  const [key = ""] = readFileSync(join(dataDir, "backup.key"), "utf8").split("\n");
  expect(said.join("\n")).toContain("IMPORTANT: a new backup key was made.");
  expect(said.join("\n")).toContain(writeKey("backup", Buffer.from(key, "base64")));
});

test("exported again, it is the same, byte for byte", async () => {
  const { folder, manifest } = await exported();
  const url = await emptyDatabase();
  await importExport(folderSource(folder), { url });
  const again = await exported(url);
  expect(again.manifest).toEqual({ ...manifest, createdAt: again.manifest.createdAt });
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
  const { folder, manifest } = await exported();
  const { leftOut, tables } = manifest;
  expect(Object.keys(leftOut).toSorted()).toEqual([
    ...["kept_pages", "mail_counts", "processes", "rate_windows", "sign_in_attempts"],
    ...["staff_rate_limits", "staff_sessions", "staff_verifications", "visits"],
  ]);
  expect(Object.keys(leftOut).filter((name) => name in tables)).toEqual([]);
  const [session] = await db.execute<{ token: string }>(sql`select token from staff_sessions limit 1`);
  expect(session?.token.length).toBeGreaterThan(10);
  expect(filesBelow(folder).filter((path) => readFileSync(path).includes(session?.token ?? ""))).toEqual([]);
});

test("a family that was erased after the export is erased again by the import", async () => {
  const { caseId: erased } = await receive({ message: "忘れてほしい相談です。", reply_by: "none" });
  const { folder } = await exported();
  const url = await emptyDatabase();
  appendTombstone({ at: new Date().toISOString(), case: erased, reason: "request" });
  const { erased: count } = await imported(folder, url, {
    dataDir: env.DATA_DIR,
    act: async () => {
      const rows = await db.execute(sql`select wrapped_key, octet_length(message) as length
        from cases join consultations on case_id = cases.id where cases.id = ${erased}`);
      expect([...rows]).toEqual([{ wrapped_key: null, length: 0 }]);
    },
  });
  expect(count).toBe(1);
  const later = await exported();
  const names = Object.keys(later.manifest.files).filter((name) => name.startsWith("files/logs/tombstones/"));
  expect(names.map((name) => readFileSync(join(later.folder, name), "utf8")).join("")).toContain(erased);
});

test("an open copy is written after a warning alone, shows every sealed place, and is never imported", async () => {
  const folder = newFolder();
  const run = (...flags: string[]) => portableCommands["export"]?.run([folder], {}, new Set(flags));
  const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  await expect(run("open")).rejects.toThrow("run it again with --yes");
  expect(existsSync(folder)).toBe(false);
  expect(said.mock.calls.join("")).toContain("WARNING: an open copy holds everything that families ever wrote");
  await run("open", "yes");
  said.mockRestore();
  const trail = await readAudit(db, { noun: "installation" });
  expect(trail.map(({ action }) => action)).toEqual(["export_open"]);

  for (const [place, { sealedWith }] of Object.entries(sealedPlaces)) {
    if (sealedWith === "vault" || sealedWith === "token") continue;
    const [table = "", column = ""] = place.split(".");
    const [row] = await db.execute<{ count: number }>(
      sql`select count(*)::int as count from ${sql.identifier(table)} where octet_length(${sql.identifier(column)}) > 0`,
    );
    const opened = rowsOf(folder, table).filter((each) => each[column] !== null);
    expect([place, opened.length]).toEqual([place, row?.count]);
    expect(opened.filter((each) => String(each[column]).startsWith("AQ"))).toEqual([]);
  }
  const text = filesBelow(folder)
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");
  expect(secrets.filter((secret) => !text.includes(secret))).toEqual([]);
  expect([folder, ...filesBelow(folder)].map((path) => statSync(path).mode & 0o077)).not.toContain(0o44);
  expect(manifestOf(folder).isOpen).toBe(true);
  const importing = importExport(folderSource(folder), { url: await emptyDatabase() });
  await expect(importing).rejects.toThrow("This is an open copy");
});
