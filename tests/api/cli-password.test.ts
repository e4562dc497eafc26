/** How a password reaches the command that adds staff: by standard input, and never unasked on the command line. */

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { connect, connectAsOwner, db, disconnect } from "#db/client.ts";
import { siblingUrl } from "#db/cluster/cluster.ts";
import { staff } from "#db/schema/staff.ts";
import { openVault } from "#db/vault/vault.ts";
import { totpCode } from "../totp.ts";
import { cookiesOf, password, postForm } from "./requests.ts";

const database = `cli_${randomBytes(6).toString("hex")}`;
const url = siblingUrl(inject("clusterUrl"), database);

beforeAll(async () => {
  // The commands see what this process writes: both work on a database of their own.
  const owner = connectAsOwner(siblingUrl(inject("clusterUrl"), "postgres"));
  await owner.execute(`create database ${database} template komichi_template`);
  await disconnect(owner);
  await disconnect();
  connect(url);
  await openVault();
});

afterAll(async () => {
  const owner = connectAsOwner(siblingUrl(inject("clusterUrl"), "postgres"));
  await owner.execute(`drop database if exists ${database} with (force)`);
  await disconnect(owner);
});

let people = 0;

/** Adds somebody new; `typed` goes to standard input, which stays open unless it is to end there. */
async function add(options: string[], typed: string, ends = true) {
  const email = `typed-${++people}@example.jp`;
  const words = ["staff", "add", "--email", email, "--name", "見本 うみ", "--role", "peer", ...options, "--json"];
  const child = spawn(process.execPath, ["api/cli.ts", ...words], {
    env: { ...process.env, DATABASE_URL: url, LOG: "json" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const said = { out: "", err: "" };
  child.stdout.on("data", (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said.err += chunk.toString()));
  // Whoever does not read it closes it.
  child.stdin.on("error", () => {});
  child.stdin.write(typed);
  if (ends) child.stdin.end();
  const code = await new Promise<number>((resolve) => child.once("close", resolve));
  return { code, email, ...said, answer: JSON.parse(said.out) as { totp_secret: string; error?: string } };
}

async function canSignIn(email: string, secret: string, word: string): Promise<boolean> {
  const first = await postForm("/staff/sign-in", { email, password: word });
  const second = await postForm("/staff/sign-in/code", { code: totpCode(secret) }, { cookie: cookiesOf(first) });
  return second.status === 303 && second.headers.get("location") === "/staff";
}

test.each([
  ["a line", `${password}\n`, true],
  ["a line as Windows ends it", `${password}\r\n`, true],
  ["a line without its end", password, true],
  ["a line of several", `${password}\nsomething else\n`, true],
  ["a line, while the terminal stays open", `${password}\n`, false],
])("--password - takes %s, without its line break", async (_, typed, ends) => {
  const { code, email, out, err, answer } = await add(["--password", "-"], typed, ends);
  expect([code, out.includes(password), err.includes(password)]).toEqual([0, false, false]);
  expect(err).not.toContain("WARNING");
  expect(await canSignIn(email, answer.totp_secret, password)).toBe(true);
});

test.each([
  ["nothing", ""],
  ["an empty line", "\n"],
  ["an empty line before another", `\n${password}\n`],
])("--password - with %s is wrong usage: exit 2, nobody new", async (_, typed) => {
  const before = await db.$count(staff);
  const { code, err, answer } = await add(["--password", "-"], typed);
  expect([code, answer.error]).toEqual([2, expect.stringContaining("standard input")]);
  expect(err).toContain("--password -");
  expect(await db.$count(staff)).toBe(before);
});

test("a password on the command line works, and the terminal is warned of the process list", async () => {
  const { code, email, err, answer } = await add(["--password", password], "");
  expect(code).toBe(0);
  expect(err).toMatch(/^WARNING: .*process list/mu);
  expect(err).not.toContain(password);
  expect(await canSignIn(email, answer.totp_secret, password)).toBe(true);
});
