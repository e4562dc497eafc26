/**
 * Staff pages with the sample, and again with 20,000 cases more: how long each takes, and how much longer than before.
 * By itself: node api/boot.mjs tests/bench/staff-pages.ts
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "#db/cluster/address.ts";
import { startProduct, stopProduct } from "../process.ts";
import { totpCode } from "../totp.ts";

const grown = { cases: 20_000, entries: 100_000 };
/** Requests to each page that count, after some that warm up; on two connections, one after the other on each. */
const [counted, warming, lanes] = [80, 20, 2];
/** What is promised: p95 in ms, and p95 against the sample's. */
const bars = { p95: 300, ratio: 1.5 };
/**
 * A filter finds a few rows in the sample and a page of 50 among 20,000 cases. What a row costs is not what grows, so
 * these lists are compared with the sample's page of 50, unless their own took longer.
 */
const fullPage = "all cases";

const pages: readonly [name: string, path: string][] = [
  ["きょう", "/staff?who=all"],
  ["きょう, mine", "/staff?who=me"],
  ["all cases", "/staff/cases"],
  ["all cases, new", "/staff/cases?state=new"],
  ["all cases, closed", "/staff/cases?state=closed"],
  ["all cases, by holder", "/staff/cases?holder=HOLDER"],
  ["all cases, held by me", "/staff/cases?holder=ME"],
  ["all cases, held by nobody", "/staff/cases?holder=nobody"],
  ["all cases, by topic", "/staff/cases?topic=respite"],
  ["all cases, by relation", "/staff/cases?relation=self"],
  ["all cases, topic and relation", "/staff/cases?topic=respite&relation=grandparent"],
  ["all cases, of a week", "/staff/cases?period=7"],
  ["all cases, of a year", "/staff/cases?period=365"],
  ["all cases, to review", "/staff/cases?check=1"],
  ["a case", "CASE"],
  ["search, reference", "/staff/search?q=2222-2222"],
  ["search, mail", "/staff/search?q=nobody@example.jp"],
];

export interface PageTime {
  name: string;
  p50: number;
  p95: number;
}

export interface StaffPageTimes {
  sample: PageTime[];
  grown: PageTime[];
  /** p95 with all cases against p95 with the sample (`fullPage`). */
  ratios: Record<string, number>;
  /** Names of the pages that miss a bar. */
  missed: string[];
}

/** Measures them on an installation of their own and prints a line for each. */
export async function measureStaffPages(say: (line: string) => void): Promise<StaffPageTimes> {
  const folder = mkdtempSync(join(tmpdir(), "komichi-staff-pages-"));
  const variables = { DATA_DIR: folder, PORT: String(await freePort()), ROLE: "web", LOG: "off" };
  const product = await startProduct(variables);
  const run = (args: string[], input = "") =>
    execFileSync(process.execPath, args, { env: { ...process.env, ...variables }, input, encoding: "utf8" });
  try {
    run(["api/cli.ts", "sample"]);
    const person = ["--email", "bench@example.jp", "--name", "Bench", "--role", "manager", "--password", "-", "--json"];
    const added = JSON.parse(run(["api/cli.ts", "staff", "add", ...person], password)) as Added;
    const visitor = await signIn(`http://localhost:${variables.PORT}`, added);
    const addresses = await addressesFor(visitor, added.id);
    const sample = await timesOf(visitor, addresses);
    const size = run(["tests/bench/grow-cases.ts", String(grown.cases), String(grown.entries)]);
    return report(sample, await timesOf(visitor, addresses), size.trim(), say);
  } finally {
    await stopProduct(product);
    rmSync(folder, { recursive: true, force: true });
  }
}

const password = "long enough to be a sentence";

interface Added {
  id: string;
  totp_secret: string;
}

interface Visitor {
  origin: string;
  cookie: string;
}

async function signIn(origin: string, { totp_secret: secret }: Added): Promise<Visitor> {
  const send = async (path: string, fields: Record<string, string>, cookie = "") => {
    const headers = { origin, cookie, accept: "text/html" };
    const body = new URLSearchParams(fields);
    const answer = await fetch(origin + path, { method: "POST", headers, body, redirect: "manual" });
    return answer.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
  };
  const halfway = await send("/staff/sign-in", { email: "bench@example.jp", password });
  return { origin, cookie: await send("/staff/sign-in/code", { code: totpCode(secret) }, halfway) };
}

async function open({ origin, cookie }: Visitor, path: string): Promise<string> {
  const ask = () => fetch(origin + path, { headers: { cookie, accept: "text/html" }, redirect: "manual" });
  // While the cases are made, the server ends the idle connections; the first request on one is made again.
  const answer = await ask().catch(ask);
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
  return answer.text();
}

/** The paths with a colleague, the person themselves and a case of the sample filled in. */
async function addressesFor(visitor: Visitor, me: string): Promise<[name: string, path: string][]> {
  const list = await open(visitor, "/staff/cases?state=open");
  const filter = /<select[^>]*name="holder".*?<\/select>/su.exec(list)?.[0] ?? "";
  const holder = [...filter.matchAll(/value="([\da-f-]{36})"/gu)].map(([, id]) => id).find((id) => id !== me) ?? "";
  const aCase = /href="(\/staff\/cases\/[\da-f-]{36})/u.exec(list)?.[1] ?? "";
  return pages.map(([name, path]) => [name, path.replace("HOLDER", holder).replace("ME", me).replace("CASE", aCase)]);
}

async function timesOf(visitor: Visitor, addresses: readonly [string, string][]): Promise<PageTime[]> {
  const found: PageTime[] = [];
  for (const [name, path] of addresses) {
    const times: number[] = [];
    const lane = async (requests: number) => {
      for (let i = 0; i < requests; i++) {
        const start = performance.now();
        await open(visitor, path);
        times.push(performance.now() - start);
      }
    };
    const all = (requests: number) => Promise.all(Array.from({ length: lanes }, () => lane(requests / lanes)));
    await all(warming);
    times.length = 0;
    await all(counted);
    times.sort((a, b) => a - b);
    const at = (share: number) => Math.round((times[Math.floor(times.length * share)] ?? 0) * 10) / 10;
    found.push({ name, p50: at(0.5), p95: at(0.95) });
  }
  return found;
}

function report(sample: PageTime[], full: PageTime[], size: string, say: (line: string) => void): StaffPageTimes {
  say(`\nstaff pages, two connections, ms: the sample, then ${size}; bars: p95 < ${bars.p95}, ratio ≤ ${bars.ratio}`);
  say("page                            |   p50 |   p95 | full p50 | full p95 | ratio");
  const ratios: Record<string, number> = {};
  const missed: string[] = [];
  const ofFullPage = sample.find(({ name }) => name === fullPage)?.p95 ?? 0;
  for (const [at, { name, p50, p95 }] of full.entries()) {
    const before = sample[at] ?? { p50: 0, p95: 0 };
    const base = name.startsWith(fullPage) ? Math.max(before.p95, ofFullPage) : before.p95;
    const ratio = Math.round((p95 / base) * 100) / 100;
    ratios[name] = ratio;
    if (p95 >= bars.p95 || ratio > bars.ratio) missed.push(name);
    say(
      `${name.padEnd(31)} | ${String(before.p50).padStart(5)} | ${String(before.p95).padStart(5)} | ${String(p50).padStart(8)} | ${String(p95).padStart(8)} | ${ratio}`,
    );
  }
  say(missed.length === 0 ? "every page keeps both bars" : `missed: ${missed.join("; ")}`);
  return { sample, grown: full, ratios, missed };
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await measureStaffPages((line) => process.stdout.write(`${line}\n`));
