/** How a password reaches the command that adds staff: by standard input, and never unasked on the command line. */

import { expect, test } from "vitest";
import { db } from "#db/client.ts";
import { staff } from "#db/schema/staff.ts";
import { runCommand } from "../command.ts";
import { totpCode } from "../totp.ts";
import { cookiesOf, password, postForm } from "./requests.ts";

let people = 0;

/** Adds somebody new; `input` goes to standard input, which stays open if so asked. */
async function add(options: string[], input: string, keepInputOpen = false) {
  const email = `typed-${++people}@example.jp`;
  const words = ["staff", "add", "--email", email, "--name", "見本 うみ", "--role", "peer", ...options, "--json"];
  const outcome = await runCommand(words, { input, keepInputOpen });
  return { ...outcome, email, answer: JSON.parse(outcome.out) as { totp_secret: string; error?: string } };
}

async function canSignIn(email: string, secret: string, word: string): Promise<boolean> {
  const first = await postForm("/staff/sign-in", { email, password: word });
  const second = await postForm("/staff/sign-in/code", { code: totpCode(secret) }, { cookie: cookiesOf(first) });
  return second.status === 303 && second.headers.get("location") === "/staff";
}

test.each([
  ["a line", `${password}\n`, false],
  ["a line as Windows ends it", `${password}\r\n`, false],
  ["a line without its end", password, false],
  ["a line of several", `${password}\nsomething else\n`, false],
  ["a line, while the terminal stays open", `${password}\n`, true],
])("--password - takes %s, without its line break", async (_, input, keepOpen) => {
  const { code, email, out, err, answer } = await add(["--password", "-"], input, keepOpen);
  expect([code, out.includes(password), err.includes(password)]).toEqual([0, false, false]);
  expect(err).not.toContain("WARNING");
  expect(await canSignIn(email, answer.totp_secret, password)).toBe(true);
});

test.each([
  ["nothing", ""],
  ["an empty line", "\n"],
  ["an empty line before another", `\n${password}\n`],
])("--password - with %s is wrong usage: exit 2, nobody new", async (_, input) => {
  const before = await db.$count(staff);
  const { code, err, answer } = await add(["--password", "-"], input);
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
