/** Once per test file: a database of its own, cloned from the template, and an open vault. */

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { freePort } from "#db/cluster/address.ts"; // reads no environment

const port = await freePort();

const folder = mkdtempSync(join(tmpdir(), "komichi-file-"));
const name = `t_${randomBytes(6).toString("hex")}`;
// Before the first import of db/env.ts, which reads the environment once.
Object.assign(process.env, {
  DATA_DIR: folder,
  LOG: "off",
  PORT: String(port),
  PUBLIC_ORIGIN: `http://localhost:${port}`,
  VAULT_KEY: randomBytes(32).toString("base64"),
  DATABASE_POOL: "8",
  // A test machine may be slow; the one test about waiting brings its own limit.
  CLICK_WAIT_MS: "9000",
});

const { connect, disconnect } = await import("#db/client.ts");
const { openVault } = await import("#db/vault/vault.ts");
const { createDatabase, dropDatabase } = await import("./database.ts");

connect(await createDatabase(name));
await openVault();

afterAll(async () => {
  await disconnect();
  await dropDatabase(name);
  rmSync(folder, { recursive: true, force: true });
});
