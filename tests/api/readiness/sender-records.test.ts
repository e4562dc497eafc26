/** The DNS records of the sender: what to add, and what is seen of it. */

import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { seenRecords, senderRecords } from "#api/readiness/sender-records.ts";
import { env } from "#db/env.ts";

const none = { SMTP_URL: undefined, DKIM_DOMAIN: undefined, DKIM_SELECTOR: undefined, DKIM_KEY_FILE: undefined };
const smtp = { ...none, SMTP_URL: "smtps://smtp.kaze.jp" };
const missing = (code: string) => Promise.reject(Object.assign(new Error(code), { code }));

test("are those of the sender's domain; what only the mail service knows is left to it", () => {
  expect(senderRecords("", none)).toEqual([]);
  expect(senderRecords("soudan@Kaze.jp", none).map(({ text }) => text)).toEqual([
    undefined,
    undefined,
    "v=DMARC1; p=none",
  ]);
  expect(senderRecords("soudan@kaze.jp", smtp)[0]).toEqual({
    kind: "SPF",
    name: "kaze.jp",
    text: "v=spf1 a:smtp.kaze.jp ~all",
  });
  expect(senderRecords("soudan@kaze.jp", { ...none, SMTP_URL: "smtp://127.0.0.1:25" })[0]?.text).toBeUndefined();
});

test("name the public half of the key that signs here", () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const file = join(env.DATA_DIR, "dkim.pem");
  writeFileSync(file, privateKey.export({ type: "pkcs8", format: "pem" }));
  const dkim = { ...none, DKIM_DOMAIN: "kaze.jp", DKIM_SELECTOR: "s1", DKIM_KEY_FILE: file };
  const text = publicKey.export({ type: "spki", format: "der" }).toString("base64");
  expect(senderRecords("soudan@kaze.jp", dkim)[1]).toEqual({
    kind: "DKIM",
    name: "s1._domainkey.kaze.jp",
    text: `v=DKIM1; k=rsa; p=${text}`,
  });
});

test("say nothing of a key that cannot be read", () => {
  const dkim = { ...none, DKIM_DOMAIN: "kaze.jp", DKIM_SELECTOR: "s1", DKIM_KEY_FILE: "/no/such/key" };
  expect(senderRecords("soudan@kaze.jp", dkim)[1]).toMatchObject({ name: "s1._domainkey.kaze.jp", text: undefined });
});

test("are seen where the one string stands that has to be added, whatever stands beside it", async () => {
  const records = senderRecords("soudan@kaze.jp", smtp).filter(({ kind }) => kind !== "DKIM");
  const answers: Record<string, string[][]> = {
    "kaze.jp": [["google-site-verification=x"], ["v=spf1 include:_spf.google.com ", "a:smtp.kaze.jp -all"]],
    "_dmarc.kaze.jp": [["v=DMARC1; p=quarantine"]],
  };
  const resolveTxt = (name: string) => Promise.resolve(answers[name] ?? []);
  expect((await seenRecords(records, { resolveTxt })).map(({ state }) => state)).toEqual(["seen", "seen"]);
  answers["kaze.jp"] = [["v=spf1 include:_spf.google.com -all"]];
  expect((await seenRecords(records, { resolveTxt }))[0]).toEqual({
    state: "other",
    texts: ["v=spf1 include:_spf.google.com -all"],
  });
});

test("that are not there yet, fail or take too long are states, never errors", async () => {
  const records = senderRecords("soudan@kaze.jp", smtp);
  const statesOf = async (resolveTxt: (name: string) => Promise<string[][]>, timeoutMs = 1000) =>
    (await seenRecords(records, { resolveTxt, timeoutMs })).map(({ state }) => state);
  // The name of a record that only the service knows is never asked for.
  expect(await statesOf(() => missing("ENOTFOUND"))).toEqual(["not_yet", "unknown", "not_yet"]);
  expect(await statesOf(() => Promise.resolve([["other"]]))).toEqual(["not_yet", "unknown", "not_yet"]);
  expect(await statesOf(() => missing("ESERVFAIL"))).toEqual(["unknown", "unknown", "unknown"]);
  expect(await statesOf(() => new Promise(() => {}), 5)).toEqual(["unknown", "unknown", "unknown"]);
});
