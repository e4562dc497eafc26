/** The product on hosted services: somebody else's PostgreSQL, with no more rights than such a service gives, and mail server. */

import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { connectAsOwner, disconnect } from "#db/client.ts";
import { freePort } from "#db/cluster/address.ts";
import { siblingUrl } from "#db/cluster/cluster.ts";
import { type MailServer, startMailServer } from "../mail-server.ts";
import { type Running, startProduct, stopProduct } from "../process.ts";

const folder = mkdtempSync(join(tmpdir(), "komichi-hosted-"));
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
let mailServer: MailServer;
let product: Running;

/** URL of an empty database whose owner may do no more than a hosted service allows. */
async function hostedDatabase(): Promise<string> {
  const server = siblingUrl(inject("clusterUrl"), "postgres");
  const as = (database: string) =>
    Object.assign(new URL(siblingUrl(server, database)), { username: "hosted", password: "secret" }).href;
  const owner = connectAsOwner(server);
  await owner.execute("create role hosted login password 'secret' createdb createrole");
  // The tests' own server has this role already; a hosted one lets its owner make it.
  await owner.execute("grant komichi_app to hosted with admin true, set false, inherit false");
  await disconnect(owner);
  const hosted = connectAsOwner(as("postgres"));
  await hosted.execute("create database hosted");
  await disconnect(hosted);
  return as("hosted");
}

beforeAll(async () => {
  mailServer = await startMailServer();
  writeFileSync(join(folder, "dkim.pem"), privateKey.export({ type: "pkcs8", format: "pem" }));
  product = await startProduct({
    DATABASE_URL: await hostedDatabase(),
    DATA_DIR: join(folder, "data"),
    PORT: String(await freePort()),
    SMTP_URL: `smtp://127.0.0.1:${mailServer.port}`,
    MAIL_FROM: "見本の相談室 <soudan@support.example.jp>",
    STAFF_NOTIFY: "one@example.jp, two@example.jp",
    DKIM_DOMAIN: "support.example.jp",
    DKIM_SELECTOR: "s1",
    DKIM_KEY_FILE: join(folder, "dkim.pem"),
  });
});

afterAll(async () => {
  if (product) await stopProduct(product);
  await mailServer?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("an unprivileged owner's database is enough, and the mail leaves signed", async () => {
  const answer = await fetch(`http://127.0.0.1:${product.port}/api/consultations`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      message: "話を聞いてください。",
      reply_by: "email",
      email: ".a@docomo.ne.jp",
      consent: true,
    }),
  });
  expect(answer.status).toBe(201);
  const receipt = await mailServer.waitFor(({ recipients }) => recipients.includes('".a"@docomo.ne.jp'));
  const notice = await mailServer.waitFor(({ recipients }) => recipients.includes("two@example.jp"));
  expect(notice.from).toEqual({ name: "見本の相談室", address: "soudan@support.example.jp" });
  const key = publicKey.export({ type: "spki", format: "der" }).toString("base64");
  const { results } = await dkimVerify(receipt.raw, { resolver: async () => [[`v=DKIM1; k=rsa; p=${key}`]] });
  expect(results).toMatchObject([{ status: { result: "pass" }, signingDomain: "support.example.jp" }]);
});
