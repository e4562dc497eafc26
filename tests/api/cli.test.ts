/** The command line as a script uses it: arguments, one JSON value on stdout, and an exit code. */

import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openCase } from "#api/cases/case.ts";
import { readLog } from "#db/backup/logs.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { adSpend } from "#db/schema/attribution.ts";
import { newsletters } from "#db/schema/mail.ts";
import { staff } from "#db/schema/staff.ts";
import { openVault } from "#db/vault/vault.ts";
import { createNewsletter } from "#emails/newsletters/write.ts";
import { ledgerCounts } from "#emails/outbox/outbox.ts";
import { runCommand } from "../command.ts";
import { refusingDatabase } from "../database.ts";
import { totpCode } from "../totp.ts";
import { cookiesOf, type Member, member, password, postForm, receive } from "./requests.ts";

const own = env.VAULT_KEY ?? "";

/** What the commands below answer, together. */
interface Answer {
  [field: string]: unknown;
  totp_secret: string;
  rewrapped: number;
  audience: number;
  files: { refusals: string[]; rows?: number }[];
}

/** The one JSON value on stdout; fails when anything else stands there. */
async function json(words: string[], variables?: Record<string, string>) {
  const { code, out } = await runCommand([...words, "--json"], { ...(variables && { variables }) });
  expect(out.trimEnd().split("\n")).toHaveLength(1);
  return { code, value: JSON.parse(out) as Answer };
}

const folder = mkdtempSync(join(tmpdir(), "komichi-cli-"));
const person = ["--email", "a@example.jp", "--name", "a"];
let manager: Member;

beforeAll(async () => {
  manager = await member("manager");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each<[string, string[], string, string]>([
  ["no command", [], "No command was given.", "<command> … [--json]"],
  [
    "an unknown command",
    ["sing"],
    'There is no command "sing".',
    "<command> … [--json]\nCommands: sample, staff add, ",
  ],
  ["a word that every object knows", ["constructor"], "There is no command", "<command> … [--json]"],
  ["half a command", ["staff"], 'There is no command "staff".', "<command> … [--json]\n  staff add"],
  ["a word too many", ["sample", "twice"], '"twice" is one word too many.', "sample"],
  ["no file", ["import-ads"], "Name the files to import, or --undo and an id.", "import-ads"],
  ["a word too few", ["staff", "disable"], "Something is missing at the end of the command.", "staff disable EMAIL"],
  ["an unknown option", ["sample", "--fast"], "Unknown option '--fast'.", "sample"],
  ["a role that is none", ["staff", "add", ...person, "--role", "king"], "--role is one of ", "staff add --email"],
])("%s is wrong usage: exit 2, one sentence, and how to write it on stderr", async (_, words, sentence, usage) => {
  const { code, out, err } = await runCommand(["--json", ...words]);
  expect([code, JSON.parse(out)]).toEqual([2, { error: expect.stringContaining(sentence) }]);
  const [said = "", ...help] = err.split("\n\n");
  expect([said.split("\n").length, help.length]).toEqual([1, 1]);
  expect(help[0]).toContain(`Usage: npm run -s cli -- ${usage}`);
});

test("of a mistyped command nobody reads the usage of all others, but those it may have meant", async () => {
  const linesFor = async (...words: string[]) =>
    (await runCommand(words)).err
      .trim()
      .split("\n")
      .filter((line) => line.includes("keys") || line.includes("backup"));
  expect((await runCommand(["restore", "a", "b"])).err.trim().split("\n")).toHaveLength(3);
  // Its first word is that of another room's commands, too.
  expect((await runCommand(["backup", "verify", "a", "b"])).err).toMatch(/Usage: \S.* backup verify \[DIR\]/u);
  expect(await linesFor("keys", "door")).toEqual([
    ...[expect.stringMatching(/^ {2}keys noted/u), expect.stringMatching(/^ {2}keys enter/u)],
    expect.stringMatching(/^ {2}keys {3}/u),
  ]);
});

test("settings go out and in as one file, and doctor fails until nothing is missing", async () => {
  const [from, to] = [join(folder, "in.json"), join(folder, "out.json")];
  writeFileSync(from, '{"name.ja":"髙﨑の家 & 𠮷","year_end":null,"reply_days":5}');
  expect((await json(["settings", "import", from])).value).toMatchObject({
    changed: ["name.ja", "year_end", "reply_days"],
  });
  expect((await json(["settings", "export", to])).value).toMatchObject({ settings: 3 });
  expect(JSON.parse(readFileSync(to, "utf8"))).toEqual(JSON.parse(readFileSync(from, "utf8")));
  expect(statSync(to).mode & 0o777).toBe(0o600);
  writeFileSync(from, '{"name.ja":"x","nam":"y"}');
  const { code, err } = await runCommand(["settings", "import", from]);
  expect([code, err.trim()]).toEqual([1, "nam: 「nam」という設定はありません。"]);
  const doctor = await json(["doctor"]);
  expect(doctor.code).toBe(1);
  expect(JSON.stringify(doctor.value)).toContain('"missing.phone"');
});

test("a database that is not there: exit 1 and a sentence", async () => {
  const { code, out, err } = await runCommand(["rotate-key"], { variables: { DATABASE_URL: refusingDatabase } });
  expect([code, out]).toEqual([1, ""]);
  expect(err).toMatch(/ECONNREFUSED/u);
});

test.each([["--help"], ["help"], ["restore", "--help"], ["-h", "restore"]])(
  "%s %s is answered with the usage",
  async (...words) => {
    const { code, out, err } = await runCommand(words);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("restore [DIR] [--at ISO]");
    if (words.includes("restore")) expect(out).not.toContain("staff add");
  },
);

test.each([["backup", "somewhere"], ["export", "somewhere"], ["erase", "AAAA-AAAA"], ["rotate-key"]])(
  "%s makes no database where there is none: that would be a backup of nothing",
  async (...words) => {
    const empty = join(folder, "empty");
    const { code, err } = await runCommand(words, { variables: { DATABASE_URL: "", DATA_DIR: empty } });
    expect([code, err]).toEqual([1, expect.stringContaining(`There is no database in DATA_DIR (${empty}) yet.`)]);
    expect(existsSync(join(empty, "pg"))).toBe(false);
  },
);

test("a wrong variable: exit 1 and a sentence that names it", async () => {
  const { code, err } = await runCommand(["openapi"], { variables: { INTAKE_PER_MINUTE: "many" } });
  expect(code).toBe(1);
  expect(err.trimEnd().split("\n")).toEqual([expect.stringContaining("INTAKE_PER_MINUTE")]);
});

describe("staff", () => {
  const add = ["staff", "add", "--email", "New.Peer@example.jp", "--name", "見本 そら", "--role", "peer"];

  test("add prints what the new person signs in with", async () => {
    const { code, value } = await json([...add, "--password", password]);
    const { id, totp_secret: secret, ...rest } = value;
    expect([code, rest]).toEqual([0, { email: "new.peer@example.jp", role: "peer" }]);
    expect(await db.select({ id: staff.id }).from(staff).where(eq(staff.email, "new.peer@example.jp"))).toEqual([
      { id },
    ]);
    const first = await postForm("/staff/sign-in", { email: "new.peer@example.jp", password });
    const second = await postForm("/staff/sign-in/code", { code: totpCode(secret) }, { cookie: cookiesOf(first) });
    expect([second.status, second.headers.get("location")]).toEqual([303, "/staff"]);
  });

  test("add without a password makes one, for people as for scripts", async () => {
    const { code, out } = await runCommand([
      "staff",
      "add",
      "--email",
      "b@example.jp",
      "--name",
      "b",
      "--role",
      "analyst",
    ]);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^id: [0-9a-f-]{36}\nemail: b@example\.jp\nrole: analyst\ntotp_secret: [A-Z2-7]+\npassword: .{15,}\n$/u,
    );
  });

  test.each([
    ["somebody known", add],
    ["no address at all", add.with(3, "nonsense")],
    ["a name with a control character", add.with(5, "a\u0007")],
    ["a short password", [...add.with(3, "c@example.jp"), "--password", "short"]],
  ])("add refuses %s: exit 1, a reason, nobody new", async (_, words) => {
    const before = await db.select({ id: staff.id }).from(staff);
    expect(await json(words)).toEqual({ code: 1, value: { error: expect.any(String) } });
    expect(await db.select({ id: staff.id }).from(staff)).toEqual(before);
  });

  test("disable ends the access of one, and fails for nobody", async () => {
    expect(await json(["staff", "disable", "NEW.PEER@example.jp"])).toEqual({
      code: 0,
      value: { disabled: "NEW.PEER@example.jp" },
    });
    const [row] = await db.select().from(staff).where(eq(staff.email, "new.peer@example.jp"));
    expect(row?.disabledAt).not.toBeNull();
    expect((await runCommand(["staff", "disable", "nobody@example.jp"])).code).toBe(1);
  });
});

describe("import-ads and report keywords", () => {
  const file = "tests/analytics/files/ja_search_terms_daily_utf8.csv";
  const options = ["--account", "見本", "--currency", "JPY"];

  test("take a file once: the second time is refused with exit 1, and no row is added", async () => {
    const first = await json(["import-ads", file, ...options]);
    expect([first.code, first.value.files.length]).toEqual([0, 1]);
    expect(Object.keys(first.value.files[0] ?? {})).toEqual(
      expect.arrayContaining(["file", "rows", "totals", "remainder", "period", "refusals"]),
    );
    const before = await db.select().from(adSpend);
    const again = await json(["import-ads", file, ...options]);
    expect([again.code, again.value.refused]).toEqual([1, 1]);
    expect(again.value.files[0]?.refusals[0]).toContain("取り込み済み");
    expect(await db.select().from(adSpend)).toEqual(before);
  });

  test("one bad file among good ones: exit 1, the good ones are in", async () => {
    const wrong = join(folder, "wrong.csv");
    writeFileSync(wrong, "a,b\n1,2\n");
    const good = "tests/analytics/files/en_keywords_utf16le_tab.csv";
    const { code, value } = await json([
      "import-ads",
      ...[wrong, join(folder, "absent.csv"), good, "--currency", "USD"],
    ]);
    expect(code).toBe(1);
    expect(value.files.map(({ refusals, rows }) => [refusals.length, rows === undefined])).toEqual([
      [1, true],
      [1, true],
      [0, false],
    ]);
  });

  test("report for days that are, and not for others", async () => {
    const { code, value } = await json(["report", "keywords", "--from", "2026-10-01", "--to", "2026-10-31"]);
    expect([code, value["period"]]).toEqual([0, { from: "2026-10-01", to: "2026-10-31" }]);
    expect((value["rows"] as unknown[]).length).toBeGreaterThan(0);
    const bad = await json(["report", "keywords", "--from", "2026-09-31"]);
    expect(bad).toEqual({ code: 1, value: { error: expect.stringContaining("from:") } });
  });
});

test("a newsletter without readers, or unknown, is refused; the sample's readers get it once", async () => {
  const id = await createNewsletter(manager, { subject: "冬の会", body: "集まります。" });
  expect((await runCommand(["newsletter", "send", id])).code).toBe(1);
  expect((await runCommand(["newsletter", "send", "nothing"])).code).toBe(1);

  const sample = await json(["sample"]);
  expect(sample.code).toBe(0);
  expect(Object.values(sample.value).every((count) => Number(count) > 0)).toBe(true);
  const counts = await ledgerCounts();
  expect(await json(["sample"])).toEqual({ code: 1, value: { error: expect.stringContaining("already") } });
  expect(await ledgerCounts()).toEqual(counts);

  const { code, value } = await json(["newsletter", "send", id]);
  expect([code, value.audience > 50]).toEqual([0, true]);
  expect((await ledgerCounts({ newsletterId: id })).queued).toBe(value.audience);
  expect((await runCommand(["newsletter", "send", id])).code).toBe(1);
  expect((await ledgerCounts({ newsletterId: id })).queued).toBe(value.audience);
  const [issue] = await db.select().from(newsletters).where(eq(newsletters.id, id));
  expect([issue?.state, issue?.audience]).toEqual(["sending", value.audience]);
});

test("erase takes a family's words for good and leaves a tombstone outside the database", async () => {
  const { reference, caseId } = await receive({ message: "消してください" });
  expect(await json(["erase", reference.toLowerCase()])).toMatchObject({ code: 0, value: { case: caseId } });
  const found = await openCase(manager, caseId);
  expect([found.isErased, found.consultations.map(({ message }) => message)]).toEqual([true, [""]]);
  expect(JSON.stringify(await readLog("tombstones", []))).toContain(caseId);
  expect((await runCommand(["erase", "0000-0000"])).code).toBe(1);
});

test("rotate-key wraps everything under the new key; the old one is not needed afterwards", async () => {
  const { caseId } = await receive({ message: "鍵が変わっても読めます" });
  const fresh = randomBytes(32).toString("base64");
  const first = await json(["rotate-key", "--key-is-stored"], { VAULT_KEY: `${fresh},${own}` });
  expect([first.code, first.value.rewrapped > 3]).toEqual([0, true]);
  expect((await json(["rotate-key"], { VAULT_KEY: fresh })).value).toMatchObject({ rewrapped: 0 });
  expect((await runCommand(["rotate-key"], { variables: { VAULT_KEY: own } })).code).toBe(1);
  env.VAULT_KEY = fresh;
  await openVault();
  expect((await openCase(manager, caseId)).consultations[0]?.message).toBe("鍵が変わっても読めます");
});

test("openapi is one JSON document, made without a database, that names the contract's routes and fields", async () => {
  const { code, out } = await runCommand(["openapi"], { variables: { DATABASE_URL: refusingDatabase } });
  const document = JSON.parse(out) as {
    openapi: string;
    paths: Record<string, { post: { requestBody: { content: Record<string, { schema: { properties: object } }> } } }>;
  };
  expect([code, document.openapi]).toEqual([0, "3.1.0"]);
  const fields = Object.entries(document.paths).map(([path, { post }]) => [
    path,
    Object.keys(post.requestBody.content["application/json"]?.schema.properties ?? {})
      .filter((name) => !["key", "c", "locale", "website"].includes(name))
      .toSorted(),
  ]);
  const ask = ["message", "reply_by", "email", "phone", "name", "relation", "topics", "school_stage", "municipality"];
  const calls = ["call_as", "call_message", "call_when", "call_who"];
  expect(Object.fromEntries(fields)).toEqual({
    "/api/consultations": [
      ...ask,
      ...calls,
      "affiliation",
      "asker",
      "heard_from",
      "consent",
      "consent_text",
    ].toSorted(),
    "/api/downloads": ["consent_text", "email", "guide", "newsletter"],
    "/api/subscriptions": ["consent", "consent_text", "email", "lists"],
  });
});
