/**
 * npm run bench: intake over HTTP against the same SQL without HTTP, pages from memory against nginx,
 * what a backup costs intake, start times, the weight of the landing page, and Lighthouse. Everything in one run on one machine;
 * read the ratios, not the absolute figures. `--only races,backup` measures these parts alone.
 */

import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { connectAsOwner, disconnect } from "#db/client.ts";
import { freePort } from "#db/cluster/address.ts";
import { joinCluster } from "#db/cluster/cluster.ts";
import { env } from "#db/env.ts";
import { openBrowser, phone } from "../browser.ts";
import { startProduct, stopProduct } from "../process.ts";
import { makeReal } from "../real-site.ts";
import { elements } from "../site/html.ts";
import { inWords, measureBackupCost } from "./backup.ts";
import type { MeasuredImport } from "./imports.ts";
import { lighthouseOf } from "./lighthouse.ts";
import { intakeRequest, Lane, measure, type Measured } from "./load.ts";
import type { MailTimes } from "./mail.ts";
import { measureMemory } from "./memory.ts";
import { racePages } from "./race.ts";
import type { ReportTimes } from "./report.ts";
import { measureStaffPages } from "./staff-pages.ts";
import { pageWeights } from "./weigh.ts";

const { values, positionals } = parseArgs({
  args: process.argv.slice(2).filter((one) => one !== "--"),
  options: {
    // Of the clicks in the part on the keyword report: 1 for a million.
    scale: { type: "string", default: "1" },
    // Of the part on mails.
    recipients: { type: "string", default: "100000" },
    rounds: { type: "string", default: "3" },
    // Names of parts, with commas; absent: all of them.
    only: { type: "string" },
  },
  allowPositionals: true,
});
const seconds = Number(positionals[0] ?? 8);
const folder = mkdtempSync(join(tmpdir(), "komichi-bench-"));
const port = await freePort();
/** Mails wait in the ledger: sending is the worker's measure, not intake's. The log goes where nobody reads it, but is written. */
const variables = {
  DATA_DIR: folder,
  PORT: String(port),
  ROLE: "web",
  LOG: "json",
  INTAKE_PER_MINUTE: "1000000",
  TRUSTED_PROXIES: "127.0.0.1",
};
const say = (line: string) => process.stdout.write(`${line}\n`);

async function overHttp(lanes: number): Promise<Measured> {
  const sockets = Array.from({ length: lanes }, () => new Lane(port));
  const message = "夜になると不安で、だれかに聞いてほしくて書きました。".repeat(5);
  let sent = 0;
  const run = process.hrtime.bigint().toString(36);
  const measured = await measure(lanes, seconds, async (lane) => {
    const network = `10.${lane}.${(sent >> 8) & 255}.${sent & 255}`;
    const answer = await sockets[lane]?.ask(intakeRequest(`${run}-${sent++}`, message, network));
    if (answer?.status !== 201) throw new Error(`intake answered ${answer?.status}: ${answer?.body}`);
  });
  for (const socket of sockets) socket.close();
  return measured;
}

function direct(lanes: number): Measured {
  const out = execFileSync(process.execPath, ["tests/bench/direct.ts", String(lanes), String(seconds)], {
    env: { ...process.env, DATA_DIR: folder, LOG: "off" },
    encoding: "utf8",
  });
  return JSON.parse(out) as Measured;
}

/** What a visit to each kind of page costs a phone. */
async function pages() {
  const browser = await openBrowser();
  const found = await pageWeights(browser, `http://localhost:${port}`, [
    ...["/", "/?furigana", "/easy", "/en", "/consultation", "/easy/consultation", "/en/consultation"],
    ...["/consultation/professional", "/consultation/return", "/guides", "/guides/learning-in-hospital"],
    "/support-book",
    ...["/newsletter", "/privacy", "/about", "/help", "/advertising", "/accessibility", "/404"],
  ]);
  await browser.close();
  say("\npage                             | HTML and CSS (br) | bytes in all | requests");
  for (const { name, html, total, requests } of found)
    say(
      `${name.padEnd(32)} | ${String(html).padStart(17)} | ${String(total).padStart(12)} | ${String(requests).padStart(8)}`,
    );
  return found;
}

/** As an organisation runs it: a site that is not real yet asks not to be listed, which costs it points for search. */
async function switchToReal(): Promise<void> {
  const cluster = await joinCluster(folder);
  const owner = connectAsOwner(cluster.url);
  await makeReal(owner);
  await disconnect(owner);
  await cluster.leave();
}

/** A visitor's click token, made by one landing. */
async function clickToken(): Promise<string> {
  const headers = { "user-agent": phone.userAgent };
  const html = await (await fetch(`http://localhost:${port}/?kw=bench&mt=e`, { headers })).text();
  const link = elements(html, "a").find(({ href }) => href?.includes("c="));
  return /c=([\w-]{43})/u.exec(link?.["href"] ?? "")?.[1] ?? "";
}

async function lighthouse() {
  const found = await lighthouseOf(`http://localhost:${port}`, [
    "/",
    "/consultation",
    "/consultation/professional",
    "/guides/learning-in-hospital",
  ]);
  say("\nlighthouse (phone, median of 3)  | performance | accessibility | best practices | seo | LCP ms | CLS | lost");
  for (const { path, scores, lcp, cls, lost } of found)
    say(
      `${path.padEnd(32)} | ${[...Object.values(scores), lcp, cls]
        .map((figure, i) => String(figure).padStart([11, 13, 14, 3, 6, 3][i] ?? 0))
        .join(" | ")} | ${lost.join(", ")}`,
    );
  return found;
}

async function intake() {
  const rounds = [];
  for (const lanes of [16, 32]) {
    const straight = direct(lanes);
    const http = await overHttp(lanes);
    const ratio = Math.round((http.perSecond / straight.perSecond) * 100) / 100;
    rounds.push({ lanes, direct: straight, http, ratio });
  }
  say("\nconnections | SQL alone /s (p99 ms) | over HTTP /s (p99 ms) | ratio");
  for (const { lanes, direct: straight, http, ratio } of rounds)
    say(
      `${String(lanes).padStart(11)} | ${`${straight.perSecond} (${straight.p99})`.padStart(21)} | ${`${http.perSecond} (${http.p99})`.padStart(21)} | ${ratio}`,
    );
  return rounds;
}

async function backup() {
  const cost = await measureBackupCost(folder, async () => (await overHttp(16)).perSecond);
  say(`\nintake ${inWords(cost)}`);
  return cost;
}

async function races(product: Awaited<ReturnType<typeof startProduct>>) {
  const found = await racePages({ ...product, dataDir: folder }, await clickToken(), say);
  say(`\npublic pages, one core each, 32 connections, log on, machine's load before ${found.loadBefore}`);
  say("server                         |     /s | p99 ms | CPU µs per request | to nginx");
  for (const { name, perSecond, p99, cpu, ratio } of found.races)
    say(
      `${name.padEnd(30)} | ${String(perSecond).padStart(6)} | ${String(p99).padStart(6)} | ${String(cpu).padStart(18)} | ${ratio ?? "-"}`,
    );
  return { loadBefore: found.loadBefore, servers: found.races };
}

/** Exports of 200,000 rows into a database of their own, from a process that does nothing else. */
function imports() {
  const out = execFileSync(process.execPath, ["tests/bench/imports.ts"], {
    env: { ...process.env, DATA_DIR: mkdtempSync(join(folder, "imports-")), LOG: "off" },
    encoding: "utf8",
  });
  const imported = JSON.parse(out) as MeasuredImport[];
  say("\nimport | rows    | seconds | rows/s | MB more | longest pause ms");
  for (const { file, rows, seconds: took, rowsPerSecond, extraMb, longestPauseMs } of imported)
    say(
      `${file.padEnd(6)} | ${String(rows).padStart(7)} | ${took.toFixed(1).padStart(7)} | ${String(rowsPerSecond).padStart(6)} | ${String(extraMb).padStart(7)} | ${longestPauseMs}`,
    );
  return imported;
}

/** The keyword report over three years, from a process that does nothing else; it prints its own lines. */
function reports() {
  const out = join(folder, "reports.json");
  execFileSync(process.execPath, ["tests/bench/report.ts", "--scale", values.scale, "--out", out], {
    env: { ...process.env, DATA_DIR: folder, LOG: "off" },
    stdio: ["ignore", "inherit", "inherit"],
  });
  return JSON.parse(readFileSync(out, "utf8")) as ReportTimes;
}

/** Newsletters against nodemailer's pool, from a process that does nothing else; it prints its own lines. */
function mails() {
  const own = mkdtempSync(join(folder, "mails-"));
  const out = join(folder, "mails.json");
  const options = ["--recipients", values.recipients, "--rounds", values.rounds, "--out", out];
  execFileSync(process.execPath, ["tests/bench/mail.ts", ...options], {
    env: { ...process.env, DATA_DIR: own, LOG: "off" },
    stdio: ["ignore", "inherit", "inherit"],
  });
  return JSON.parse(readFileSync(out, "utf8")) as MailTimes;
}

type Product = Awaited<ReturnType<typeof startProduct>>;

/** By name, in their order. Those of the second group share one running product. */
const alone: Record<string, () => unknown> = { memory: () => measureMemory(["web", "all", "worker"], say) };
const onProduct: Record<string, (product: Product) => unknown> = { pages, lighthouse, intake, backup, races };
const afterwards: Record<string, () => unknown> = { staffPages: () => measureStaffPages(say), imports, reports, mails };

const names = [alone, onProduct, afterwards].flatMap(Object.keys);
const wanted = values.only?.split(",") ?? names;
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`No part of the bench is called ${unknown.join(", ")}. There are: ${names.join(", ")}.\n`);
  process.exit(2);
}
const result: Record<string, unknown> = { cores: spawnSync("nproc", { encoding: "utf8" }).stdout?.trim() };
const chosen = <P extends object>(parts: P) =>
  Object.entries(parts).filter(([name]) => wanted.includes(name)) as [string, P[keyof P]][];

for (const [name, part] of chosen(alone)) result[name] = await part();
if (chosen(onProduct).length > 0) {
  const product = await startProduct(variables);
  try {
    await switchToReal();
    for (const [name, part] of chosen(onProduct)) result[name] = await part(product);
  } finally {
    await stopProduct(product);
  }
}
for (const [name, part] of chosen(afterwards)) result[name] = await part();

mkdirSync(env.DATA_DIR, { recursive: true, mode: 0o700 });
writeFileSync(join(env.DATA_DIR, "bench.json"), `${JSON.stringify(result, null, 2)}\n`);
rmSync(folder, { recursive: true, force: true });
