/**
 * npm run drill: clients keep asking while the application, PostgreSQL and the mail server are killed
 * without warning. What was answered with 201 must be stored once and mailed, whatever died.
 *
 * Usage: npm run drill [-- REQUESTS KILLS SEED]
 */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { connect, db, disconnect } from "#db/client.ts";
import { freePort } from "#db/cluster/address.ts";
import { joinCluster } from "#db/cluster/cluster.ts";
import { seededRandom } from "#db/random/seeded.ts";
import { intakeRequest, Lane } from "../bench/load.ts";
import { type Running, startProduct, stopProduct } from "../process.ts";

const [requests = 10_000, killings = 24, seed = 7] = process.argv.slice(2).map(Number);
const clients = 16;
const folder = mkdtempSync(join(tmpdir(), "komichi-drill-"));
const mailLog = join(folder, "mails.log");
const [port, mailPort] = [await freePort(), await freePort()];
const variables = {
  DATA_DIR: join(folder, "data"),
  PORT: String(port),
  SMTP_URL: `smtp://127.0.0.1:${mailPort}`,
  INTAKE_PER_MINUTE: "1000000",
  TRUSTED_PROXIES: "127.0.0.1",
};
const say = (line: string) => process.stdout.write(`${line}\n`);
const chance = seededRandom(seed);

let product: Running;
let mailServer: ChildProcess = startMailServer();
const accepted = new Map<string, string>();
const kills = { application: 0, postgres: 0, "mail server": 0 };
let retries = 0;

function startMailServer(): ChildProcess {
  return spawn(process.execPath, ["tests/drill/mail-server.ts", String(mailPort), mailLog], { stdio: "ignore" });
}

/** One client: takes the next number and asks until it is told 201, as a browser's owner would. */
async function client(take: () => number | undefined): Promise<void> {
  const lane = new Lane(port);
  for (let n = take(); n !== undefined; n = take()) {
    const key = `${seed}-${n}`;
    const request = intakeRequest(key, `見本の相談 ${n}`, `10.${n % 250}.${(n >> 8) % 250}.${chance.between(1, 250)}`);
    for (;;) {
      const answer = await lane.ask(request).catch(() => undefined);
      if (answer?.status === 201) {
        accepted.set(key, (JSON.parse(answer.body) as { reference: string }).reference);
        break;
      }
      if (answer && answer.status < 500) throw new Error(`refused: ${answer.status} ${answer.body}`);
      retries++;
      await sleep(50 + chance.between(0, 100));
    }
  }
  lane.close();
}

/** Kills one of the three at random, and brings back what does not come back by itself. */
async function kill(): Promise<void> {
  const victim = chance.pick(["application", "postgres", "mail server"] as const);
  kills[victim]++;
  if (victim === "application") {
    product.process.kill("SIGKILL");
    await sleep(chance.between(0, 300));
    product = await startProduct(variables);
  } else if (victim === "mail server") {
    mailServer.kill("SIGKILL");
    await sleep(chance.between(0, 600));
    mailServer = startMailServer();
  } else {
    const pidFile = join(variables.DATA_DIR, "pg/postmaster.pid");
    const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, "utf8").split("\n")[0]) : 0;
    if (pid > 0) process.kill(pid, "SIGKILL");
  }
}

async function load(): Promise<void> {
  let next = 0;
  let done = false;
  const take = () => (next < requests ? next++ : undefined);
  const asking = Promise.all(Array.from({ length: clients }, () => client(take))).finally(() => {
    done = true;
  });
  const killed = () => kills.application + kills.postgres + kills["mail server"];
  while (!done || killed() < killings) {
    // Spread over the whole load: the next one falls when its share of the requests is in.
    const due = (requests * (killed() + 0.5)) / killings;
    if (killed() < killings && (accepted.size >= due || done)) await kill();
    else await sleep(100 + chance.between(0, 100));
    if (process.stdout.isTTY) process.stdout.write(`\r${accepted.size} accepted, ${killed()} kills `);
  }
  await asking;
}

/** Waits until no message is left that will still be sent. */
async function drain(): Promise<number> {
  const started = Date.now();
  for (;;) {
    const [open] = await db
      .execute<{ count: number }>(
        sql`select count(*)::int as count from deliveries where state in ('queued', 'retry', 'leased', 'uncertain')`,
      )
      .catch(() => [{ count: -1 }]);
    if (open?.count === 0) return Math.round((Date.now() - started) / 1000);
    if (Date.now() - started > 600_000) throw new Error(`${open?.count} messages are still open after ten minutes`);
    await sleep(500);
  }
}

async function examine(): Promise<boolean> {
  const [stored] = await db.execute<Record<string, number>>(sql`
    select (select count(*) from leads)::int as leads, (select count(*) from consultations)::int as consultations,
           (select count(*) from cases)::int as cases, (select count(*) from deliveries)::int as deliveries,
           (select count(*) from deliveries where state = 'accepted')::int as sent,
           (select count(*) from audit_events where action = 'receive')::int as traces`);
  const references = new Set(
    (await db.execute<{ reference: string }>(sql`select reference from leads`)).map((row) => row.reference),
  );
  const known = new Set(
    (await db.execute<{ id: string }>(sql`select message_id as id from deliveries`)).map((row) => row.id),
  );
  const lines = readFileSync(mailLog, "utf8").trim().split("\n");
  const ids = new Set(lines.map((line) => line.split(" ")[0] ?? ""));
  const missingRows = [...accepted.values()].filter((reference) => !references.has(reference)).length;
  const missingMails = [...known].filter((id) => !ids.has(id)).length;
  const strangers = [...ids].filter((id) => !known.has(id)).length;
  const repeats = lines.length - ids.size;
  const share = Math.round((repeats / lines.length) * 1e5) / 1e3;
  say("");
  say(
    `kills                ${kills.application} application, ${kills.postgres} PostgreSQL, ${kills["mail server"]} mail server; ${retries} requests asked again`,
  );
  say(`accepted             ${accepted.size}`);
  say(
    `stored               ${stored?.["leads"]} leads, ${stored?.["consultations"]} consultations, ${stored?.["cases"]} cases, ${stored?.["traces"]} audit rows`,
  );
  say(`ledger               ${stored?.["deliveries"]} messages, ${stored?.["sent"]} accepted by the mail server`);
  say(`arrived              ${ids.size} messages; ${missingMails} missing, ${strangers} unknown to the ledger`);
  say(`repeats              ${repeats} (${share} %), each with the Message-ID of the first`);
  const counts = [stored?.["leads"], stored?.["consultations"], stored?.["cases"], stored?.["traces"]];
  const isWhole =
    counts.every((count) => count === accepted.size) &&
    stored?.["deliveries"] === accepted.size * 2 &&
    stored["sent"] === accepted.size * 2;
  return isWhole && missingRows === 0 && missingMails === 0 && strangers === 0 && share <= 0.1;
}

product = await startProduct(variables);
await load();
say(`\nall ${requests} requests answered; waiting for the mails …`);
const cluster = await joinCluster(variables.DATA_DIR);
connect(cluster.url, { pool: 2 });
const seconds = await drain();
const isWhole = await examine();
say(`drained in           ${seconds} s`);
say(isWhole ? "RESULT: nothing lost" : "RESULT: FAILED");
await disconnect();
await stopProduct(product);
mailServer.kill("SIGTERM");
await cluster.leave();
if (isWhole) rmSync(folder, { recursive: true, force: true });
else say(`kept for a look: ${folder}`);
process.exitCode = isWhole ? 0 : 1;
