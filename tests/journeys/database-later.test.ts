/** A process that starts before its database: it serves, waits, and goes to work when PostgreSQL is there; what refuses ends the start. */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nodeEnvironment } from "#api/process/node-options.mjs";
import { freePort } from "#db/cluster/address.ts";
import { type Cluster, joinCluster } from "#db/cluster/cluster.ts";

const folder = mkdtempSync(join(tmpdir(), "komichi-later-"));
/** One folder for all processes: they share the vault's key. */
const data = join(folder, "data");
let cluster: Cluster;

interface Started {
  process: ChildProcess;
  port: number;
  /** Everything printed so far. */
  output: () => string;
  exitCode: Promise<number | null>;
}
const running: Started[] = [];

/** Starts the product against the cluster, and waits for nothing. */
async function start(role: string, url = cluster.url): Promise<Started> {
  const port = await freePort();
  const variables = { ROLE: role, DATABASE_URL: url, DATA_DIR: data, PORT: String(port), VAULT_KEY: "", LOG: "off" };
  const child = spawn(process.execPath, ["api/main.ts"], {
    env: { ...nodeEnvironment, ...process.env, ...variables, PUBLIC_ORIGIN: `http://localhost:${port}` },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text: Buffer) => (output += text.toString()));
  const exitCode = new Promise<number | null>((resolve) => child.once("close", resolve));
  const started = { process: child, port, output: () => output, exitCode };
  running.push(started);
  return started;
}

const ask = (to: Started, path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${to.port}${path}`, init);
const status = (to: Started, path: string) =>
  ask(to, path).then(
    (answer) => answer.status,
    () => 0,
  );

/** Sends a request for help, as a program does. */
async function send(to: Started): Promise<number> {
  const body = JSON.stringify({
    message: "夜中に書いています。",
    reply_by: "email",
    email: "family@example.jp",
    consent: true,
  });
  const headers = { "content-type": "application/json", "idempotency-key": "before-the-database" };
  return (await ask(to, "/api/consultations", { method: "POST", headers, body })).status;
}

// Made and stopped again, so that its address is known before it is there.
beforeAll(async () => {
  cluster = await joinCluster(join(folder, "cluster"));
  await cluster.leave();
}, 120_000);

afterAll(async () => {
  for (const { process: child, exitCode } of running) {
    child.kill("SIGTERM");
    await exitCode;
  }
  await cluster.leave();
  rmSync(folder, { recursive: true, force: true });
});

test("before PostgreSQL is there pages are served and nothing is taken in; afterwards everything works", async () => {
  const all = await start("all");
  const worker = await start("worker");
  await expect.poll(() => status(all, "/healthz"), { timeout: 60_000 }).toBe(200);
  expect(all.output()).toContain("The database cannot be reached");
  const token = "A".repeat(43);
  const paths = ["/", "/consultation", "/?kw=school&gclid=TEST", `/?c=${token}`, "/guides", "/readyz", `/u/${token}`];
  const answers = [];
  for (const path of paths) answers.push([path, await status(all, path)]);
  expect(answers).toEqual(paths.map((path, i) => [path, i < 4 ? 200 : 503]));
  expect(await send(all)).toBe(503);
  await expect.poll(() => worker.output(), { timeout: 60_000 }).toContain("The database cannot be reached");

  cluster = await joinCluster(join(folder, "cluster"));
  await expect.poll(() => status(all, "/readyz"), { timeout: 60_000 }).toBe(200);
  expect(await send(all)).toBe(201);
  expect(await status(all, "/guides")).toBe(200);
  await expect.poll(() => all.output(), { timeout: 60_000 }).toContain("Set-up link");
  // One of the two sends what waits: both have begun their work.
  await expect
    .poll(() => worker.output() + String(worker.process.exitCode), { timeout: 60_000 })
    .toContain("worker, pid");
  const outbox = join(data, "outbox");
  const mails = () => (existsSync(outbox) ? readdirSync(outbox).filter((name) => name.endsWith(".eml")) : []);
  await expect.poll(() => mails().length, { timeout: 30_000 }).toBe(2);
  expect(worker.process.exitCode).toBe(null);
}, 240_000);

test.each([
  ["a wrong password", (url: URL) => Object.assign(url, { password: "wrong" }), "password authentication failed"],
  ["a database that does not exist", (url: URL) => Object.assign(url, { pathname: "/elsewhere" }), "does not exist"],
])(
  "%s ends the start with its sentence",
  async (_, change, sentence) => {
    const refused = await start("web", change(new URL(cluster.url)).href);
    expect(await refused.exitCode).toBe(1);
    expect(refused.output()).toContain(sentence);
    expect(refused.output()).not.toContain("trying again");
  },
  60_000,
);
