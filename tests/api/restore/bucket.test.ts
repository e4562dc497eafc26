/** Backups in a bucket, and both keys typed in from paper on a machine that has nothing. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RestoreResult } from "#api/restore/restore.ts";
import { writeKey } from "#db/vault/written-keys.ts";
import { type Bucket, startBucket } from "../../bucket.ts";
import { canary, consult, type Installation, makeInstallation, nextRun } from "./installation.ts";

let bucket: Bucket;
let home: Installation;
const address = "family@example.jp";
const withoutKeys = { VAULT_KEY: "", BACKUP_KEY: "" };

beforeAll(async () => {
  bucket = await startBucket();
  // A mail server that nobody listens at: every mail still waits when all is lost.
  home = await makeInstallation({ ...bucket.variables, SMTP_URL: "smtp://127.0.0.1:9" });
  const product = await home.start();
  await consult(product, address);
  await home.json(["backup"]);
  await consult(product, "later@example.jp");
  await nextRun(product, "ship_wal");
  home.destroy();
}, 300_000);

afterAll(async () => {
  await home.end();
  await bucket.close();
});

test("what lies in the bucket shows no canary and no address", () => {
  const names = [...bucket.objects.keys()];
  expect(names.every((name) => name.startsWith("komichi/"))).toBe(true);
  expect(names.some((name) => name.includes("/wal/"))).toBe(true);
  const secrets = [...Object.values(canary), address].map((text) => Buffer.from(text));
  for (const content of bucket.objects.values()) expect(secrets.some((secret) => content.includes(secret))).toBe(false);
});

test("a machine with nothing but the variables of the bucket and two papers gets everything back", async () => {
  for (const kind of ["vault", "backup"] as const) {
    const written = writeKey(kind, Buffer.from(home.variables[`${kind.toUpperCase()}_KEY`] ?? "", "base64"));
    const typed = await home.cli(
      ["keys", "enter", kind],
      withoutKeys,
      `${written.toLowerCase().replaceAll("-", " ")}\n`,
    );
    expect(typed).toMatchObject({ code: 0 });
  }
  // Somebody started anew after the loss, and left logs of that: they say nothing of the mails before it.
  mkdirSync(join(home.dataDir, "logs"));
  const { counts } = await home.json<RestoreResult>(["restore"], withoutKeys);
  expect(counts.rows).toMatchObject({ cases: 2, consultations: 2, deliveries: 4 });
  // The bucket's copy of the log may lack the last minute: nobody knows whether these went out, so nobody repeats them.
  expect(counts).toMatchObject({ accepted: 0, uncertain: 4 });
  const verified = await home.json<{ openedCharacters: number }>(["backup", "verify"], withoutKeys);
  expect(verified.openedCharacters).toBe([...canary.message].length);
}, 300_000);

test("a bucket that does not answer stops a backup with its name and the status, and changes nothing here", async () => {
  bucket.isAway = true;
  const { code, err, out } = await home.cli(["backup"], withoutKeys);
  bucket.isAway = false;
  expect([code, out]).toEqual([1, ""]);
  expect(err).toMatch(/The bucket backups at \S+ answered/u);
}, 300_000);
