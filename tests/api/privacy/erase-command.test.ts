/** The command `erase`: its arguments, its questions, its answers. */

import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { findKept } from "#api/privacy/erase.ts";
import { runCommand } from "../../command.ts";
import { postJson, receive } from "../requests.ts";

/** Runs `erase`; `input` is what somebody answers to its questions. */
const erase = (words: string[], input = "") => runCommand(["erase", ...words], { input, variables: { LOG: "off" } });

/** A family, a guide and a subscription under one address. */
async function everythingOf(): Promise<{ email: string; reference: string }> {
  const email = `${randomUUID()}@example.jp`;
  const { reference } = await receive({ reply_by: "email", email });
  await postJson("/api/downloads", { email, guide: "learning-in-hospital" });
  await postJson("/api/subscriptions", { email, consent: true });
  return { email, reference };
}

const whatIsLeft = async (email: string) => (await findKept(email)).map(({ what }) => what);

test("a reference as somebody says it; the answer says it as it is printed", async () => {
  const { reference, caseId } = await receive();
  const plain = reference.replace("-", "").toLowerCase();
  expect(await erase([` ${plain} `])).toMatchObject({ code: 0, out: `erased: ${reference}\n` });
  const { code, out } = await erase([plain, "--json"]);
  expect([code, JSON.parse(out)]).toEqual([0, { reference, case: caseId, not_done: [] }]);
});

test("an address: all of it is listed, each is asked about, and only a y erases", async () => {
  const { email, reference } = await everythingOf();
  const { code, out, err } = await erase([email.toUpperCase()], "n\ny\n\n");
  expect(code).toBe(0);
  const questions = err.split("\n\n").at(-1) ?? "";
  expect(err.indexOf("newsletter reader")).toBeLessThan(err.indexOf("[y/N]"));
  expect(questions.split("[y/N]").length - 1).toBe(3);
  expect(err).toContain(`case ${reference}`);
  expect(out).toMatch(/^erased: guide request learning-in-hospital since \S+ \S+\n$/u);
  expect(await whatIsLeft(email)).toEqual(["case", "subscriber"]);
});

test("an input that ends is a no to whatever was still to be asked", async () => {
  const { email } = await everythingOf();
  expect(await erase([email])).toMatchObject({ code: 1, out: "nothing was erased\n" });
  expect(await whatIsLeft(email)).toEqual(["case", "grant", "subscriber"]);
});

test("for a script: --json lists and erases nothing, until --yes is said", async () => {
  const { email, reference } = await everythingOf();
  const first = await erase([email, "--json"]);
  expect(first.code).toBe(1);
  expect(JSON.parse(first.out)).toMatchObject({
    error: expect.stringContaining("--yes"),
    found: [{ what: "case", name: reference }, { what: "grant" }, { what: "subscriber" }],
    erased: [],
  });
  expect((await whatIsLeft(email)).length).toBe(3);
  const second = await erase([email, "--json", "--yes"]);
  const answer = JSON.parse(second.out) as { erased: unknown[]; not_done: unknown[] };
  expect([second.code, answer.erased.length, answer.not_done]).toEqual([0, 3, []]);
  expect(await whatIsLeft(email)).toEqual([]);
});

test("an address or a reference that nobody has: exit 1", async () => {
  expect((await erase(["nobody@example.jp", "--yes"])).code).toBe(1);
  expect((await erase(["0000-0000"])).code).toBe(1);
});
