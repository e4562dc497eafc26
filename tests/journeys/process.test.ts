/** The product as a process: how it starts, shares, dies, comes back, stops, and what it leaves on disk. */

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { freePort } from "#db/cluster/address.ts";
import { isAlive } from "#db/cluster/lock.ts";
import { type Running, startProduct, stopProduct } from "../process.ts";

const folder = mkdtempSync(join(tmpdir(), "komichi-process-"));
const data = join(folder, "data");
const words = {
  message: "カナリヤがなくとき",
  name: "金糸雀みこと",
  email: "canary-7f3a@example.jp",
  phone: "086-000-7337",
};
const running: Running[] = [];

async function start(variables: Record<string, string> = {}) {
  const product = await startProduct({ ...clean, DATA_DIR: data, PORT: String(await freePort()), ...variables });
  running.push(product);
  return product;
}

/** The setup of the tests has set variables that this product must not inherit. */
const clean = { VAULT_KEY: "", DATABASE_URL: "" };
const postmaster = (folderOfData = data) =>
  Number(readFileSync(join(folderOfData, "pg/postmaster.pid"), "utf8").split("\n")[0]);

async function ask({ port }: Running, key: string) {
  const answer = await fetch(`http://localhost:${port}/api/consultations`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify({ ...words, reply_by: "email", consent: true }),
  });
  return { status: answer.status, body: (await answer.json()) as { reference: string } };
}

beforeAll(() => rmSync(data, { recursive: true, force: true }));
afterAll(async () => {
  for (const product of running) await stopProduct(product);
  rmSync(folder, { recursive: true, force: true });
});

test("a killed application leaves a database that the next start adopts, and no answered request is lost", async () => {
  const first = await start();
  const { body } = await ask(first, "before-the-kill");
  const database = postmaster();
  first.process.kill("SIGKILL");
  await new Promise((resolve) => first.process.once("exit", resolve));
  expect(isAlive(database)).toBe(true);
  const second = await start();
  expect(postmaster()).toBe(database);
  expect(await ask(second, "before-the-kill")).toEqual({ status: 201, body });
});

test("a second process joins the running database and leaves it running; the last one stops it", async () => {
  const [first] = running.slice(-1) as [Running];
  const second = await start();
  const database = postmaster();
  await stopProduct(second);
  expect(isAlive(database)).toBe(true);
  expect((await ask(first, "after-the-second-left")).status).toBe(201);
  await stopProduct(first);
  expect(isAlive(database)).toBe(false);
  expect(existsSync(join(data, "pg/postmaster.pid"))).toBe(false);
});

test("a second start on a taken port says so in a sentence and disturbs nothing", async () => {
  const first = await start();
  const second = spawn(process.execPath, ["api/main.ts"], {
    env: { ...process.env, ...clean, DATA_DIR: data, PORT: String(first.port) },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  second.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise((resolve) => second.once("close", resolve));
  expect(code).toBe(1);
  expect(said).toContain(`Port ${first.port} is taken.`);
  expect((await ask(first, "after-the-taken-port")).status).toBe(201);
});

test("a killed PostgreSQL comes back by itself, on the same address", async () => {
  const [product] = running.slice(-1) as [Running];
  const database = postmaster();
  const isBack = () => existsSync(join(data, "pg/postmaster.pid")) && postmaster() !== database;
  process.kill(database, "SIGKILL");
  let answer = await ask(product, "across-the-kill").catch(() => ({ status: 0 }));
  // A session that outlives its server for a moment may still answer.
  for (let i = 0; i < 2000 && (answer.status !== 201 || !isBack()); i++)
    answer = await ask(product, "across-the-kill").catch(() => ({ status: 0 }));
  expect(answer.status).toBe(201);
  expect(postmaster()).not.toBe(database);
});

test("a killed launcher takes the application and its database with it", async () => {
  const folderOfIts = join(folder, "launched");
  const launched = await startProduct({ ...clean, DATA_DIR: folderOfIts, PORT: String(await freePort()) }, [
    "api/boot.mjs",
    "api/main.ts",
  ]);
  const notes = readdirSync(join(folderOfIts, "run")).filter((name) => /^\d+$/u.test(name));
  expect(notes).toHaveLength(1);
  launched.process.kill("SIGKILL");
  await expect.poll(() => isAlive(Number(notes[0])), { timeout: 20_000 }).toBe(false);
  expect(existsSync(join(folderOfIts, "pg/postmaster.pid"))).toBe(false);
});

test("nothing a family wrote can be found in the data directory, the mails' own words or the database files", async () => {
  const [product] = running.slice(-1) as [Running];
  expect((await ask(product, "canary")).status).toBe(201);
  const receipts = () =>
    readdirSync(join(data, "outbox")).filter((name) => readFileSync(join(data, "outbox", name)).includes(words.email));
  await expect.poll(() => receipts().length, { timeout: 30_000 }).toBeGreaterThan(0);
  await stopProduct(product); // a clean stop writes everything to the files
  const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(500);
  const holding = (word: string) =>
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => readFileSync(path).includes(Buffer.from(word)))
      .map((path) => path.slice(data.length).replace(/[0-9a-f-]{36}/u, "…"));
  expect(holding(words.message)).toEqual([]);
  expect(holding(words.name)).toEqual([]);
  expect(holding(words.phone)).toEqual([]);
  // The address stands where it must: on the envelope of the receipts written as files, nowhere else.
  expect(new Set(holding(words.email))).toEqual(new Set(["/outbox/….eml"]));
  for (const entry of files.filter(({ name }) => name.endsWith(".eml"))) {
    const mail = readFileSync(join(entry.parentPath, entry.name), "latin1");
    const parts = mail.split(/\r?\n\r?\n/u).map((part) => Buffer.from(part, "base64").toString("utf8"));
    expect(parts.join("\n")).not.toContain("カナリヤ");
  }
});

test("web takes requests in, worker sends their mails, and each stops cleanly on its signal", async () => {
  const web = await start({ ROLE: "web" });
  const waiting = async () => {
    const text = await (await fetch(`http://localhost:${web.port}/metrics`)).text();
    return Number(/^komichi_deliveries\{state="queued"\} (\d+)$/mu.exec(text)?.[1]);
  };
  const before = await waiting(); // whatever the process before had no time for
  expect((await ask(web, "for-the-worker")).status).toBe(201);
  expect(await waiting()).toBe(before + 2);
  const unserved = await freePort();
  const worker = spawn(process.execPath, ["api/main.ts"], {
    env: { ...process.env, ...clean, DATA_DIR: data, PORT: String(unserved), ROLE: "worker", LOG: "off" },
    stdio: "ignore",
  });
  await vi.waitFor(async () => expect(await waiting()).toBe(0), { timeout: 20_000 });
  await expect(fetch(`http://localhost:${unserved}/healthz`)).rejects.toThrow();
  const end = (child: typeof worker, signal: "SIGINT" | "SIGTERM") =>
    new Promise((resolve) => {
      child.once("exit", (code, killed) => resolve(code ?? killed));
      child.kill(signal);
    });
  expect(await end(worker, "SIGINT")).toBe(0);
  expect(await end(web.process, "SIGTERM")).toBe(0);
});

test("a stop also ends the backup that was begun by itself, and the database with it", async () => {
  const place = join(folder, "backed-up");
  const product = await start({
    DATA_DIR: place,
    BACKUP_DAYS: "35",
    BACKUP_DIR: join(folder, "backups"),
    BACKUP_KEY: "",
  });
  /** Process ids of others that use the database: the backup's command. */
  const others = () =>
    readdirSync(join(place, "run"))
      .map(Number)
      .filter((id) => id > 0 && id !== product.process.pid);
  await expect.poll(() => others().length, { timeout: 40_000 }).toBe(1);
  const [[backup = 0], database] = [others(), postmaster(place)];
  await stopProduct(product);
  expect([isAlive(backup), isAlive(database)]).toEqual([false, false]);
});
