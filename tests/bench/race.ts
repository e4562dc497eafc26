/**
 * Public pages one core each: nginx on the same files, Node alone, the example's nginx before it, Astro's
 * standalone adapter on the same site, a visitor's own copy and a landing that leaves a click. One core for the
 * server, another for whoever asks, all in turns, so that a busy machine is busy for each.
 */

import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get, type IncomingHttpHeaders } from "node:http";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "#db/cluster/address.ts";
import { phone } from "../browser.ts";
import { hasNginx, startExample, startNginx } from "../nginx.ts";
import { Lane, measure } from "./load.ts";

export interface Race {
  name: string;
  path: string;
  perSecond: number;
  p99: number;
  /** Microseconds of the server's own CPU time per request. */
  cpu: number;
  /** To nginx on the same file, the median of the rounds; undefined where there is no nginx. */
  ratio: number | undefined;
}

interface Runner {
  name: string;
  path: string;
  port: number;
  pid: number;
}

const has = (program: string) => spawnSync("which", [program]).status === 0;
/** In front of a command, so that it stays on one core; nothing where that cannot be had. */
const onCore = (core: number) => (has("taskset") ? ["taskset", "-c", String(core)] : []);
const keepOnCore = (core: number, pid: number) =>
  has("taskset") && execFileSync("taskset", ["-acp", String(core), String(pid)], { stdio: "ignore" });
const accepting = { "accept-encoding": "br", "user-agent": phone.userAgent };
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Races the servers; `token` is the click token of a visitor. Says what is missing on this machine. */
export async function racePages(
  ours: { port: number; process: ChildProcess; dataDir: string },
  token: string,
  say: (line: string) => void,
  seconds = 3,
): Promise<{ races: Race[]; loadBefore: number }> {
  const loadBefore = Math.round((loadavg()[0] ?? 0) * 100) / 100;
  const ourPid = ours.process.pid ?? 0;
  keepOnCore(0, ourPid);
  const standalone = await startStandalone();
  const files = hasNginx ? await startOnFiles(ours.port) : undefined;
  const example = hasNginx ? await startExample(ours.dataDir, ours.port, onCore(0)) : undefined;
  if (!files) say("no nginx with brotli on this machine: the comparison with it is left out");
  const runner = (name: string, path: string, port: number, pid = ourPid): Runner => ({ name, path, port, pid });
  const runners = [
    ...(files ? [runner("nginx on the same file", "/", files.port, files.process.pid)] : []),
    runner("Node alone", "/", ours.port),
    ...(example ? [runner("the example's nginx", "/", example.port, example.process.pid)] : []),
    runner("Astro standalone", "/", standalone.port, standalone.process.pid),
    runner("a visitor's own copy", `/?c=${token}`, ours.port),
    runner("a landing that leaves a click", "/?cid=1&gid=2&mt=e", ours.port),
  ];
  try {
    return { races: await rounds(runners, seconds), loadBefore };
  } finally {
    standalone.process.kill("SIGTERM");
    await files?.stop();
    await example?.stop();
  }
}

async function rounds(runners: Runner[], seconds: number, count = 5): Promise<Race[]> {
  const results = runners.map((): Measured[] => []);
  for (let i = 0; i < count; i++)
    for (const [at, runner] of runners.entries()) results[at]?.push(await load(runner, seconds));
  return runners.map(({ name, path }, at) => {
    const of = (key: keyof Measured) => (results[at] ?? []).map((measured) => measured[key]);
    const ratios = of("perSecond").map((perSecond, i) => perSecond / (results[0]?.[i]?.perSecond ?? 0));
    const hasRival = runners[0]?.name.startsWith("nginx");
    return {
      name,
      path: path.replace(/c=[\w-]{43}/u, "c=…"),
      perSecond: Math.round(median(of("perSecond"))),
      p99: median(of("p99")),
      cpu: Math.round(median(of("cpu"))),
      ratio: hasRival ? Math.round(median(ratios) * 100) / 100 : undefined,
    };
  });
}

interface Measured {
  perSecond: number;
  p99: number;
  cpu: number;
}

/** Microseconds of CPU that a process has used so far, user and kernel; Linux alone tells. */
function cpuOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /su, "")
      .split(" ");
    return (Number(fields[11]) + Number(fields[12])) * 10_000;
  } catch {
    return Number.NaN;
  }
}

/** Answers a second over 32 connections. */
async function load({ port, path, pid }: Runner, seconds: number): Promise<Measured> {
  const before = cpuOf(pid);
  const { perSecond, p99, count } = has("wrk") ? await byWrk(port, path, seconds) : await byLanes(port, path, seconds);
  return { perSecond, p99, cpu: (cpuOf(pid) - before) / count };
}

async function byWrk(port: number, path: string, seconds: number) {
  const headers = Object.entries(accepting).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const url = `http://127.0.0.1:${port}${path}`;
  const command = [...onCore(1), "wrk", "-t1", "-c32", `-d${seconds}s`, "--latency", ...headers, url];
  const out = await new Promise<string>((resolve, reject) => {
    const child = spawn(command[0] ?? "", command.slice(1), { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.on("data", (part: Buffer) => (text += part.toString()));
    child.on("close", () => resolve(text)).on("error", reject);
  });
  if (/Non-2xx|Socket errors/u.test(out)) throw new Error(`not every answer came: ${out}`);
  const [, p99 = "0", unit = "ms"] = /99%\s+([\d.]+)(us|ms|s)/u.exec(out) ?? [];
  const scale = { us: 0.001, ms: 1, s: 1000 }[unit] ?? 1;
  return {
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/u.exec(out)?.[1]),
    p99: Math.round(Number(p99) * scale * 10) / 10,
    count: Number(/(\d+) requests in/u.exec(out)?.[1]),
  };
}

async function byLanes(port: number, path: string, seconds: number) {
  const lanes = Array.from({ length: 32 }, () => new Lane(port));
  const lines = Object.entries(accepting).map(([name, value]) => `${name}: ${value}\r\n`);
  const request = `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${lines.join("")}\r\n`;
  const measured = await measure(lanes.length, seconds, async (lane) => {
    const answer = await lanes[lane]?.ask(request);
    if (answer?.status !== 200) throw new Error(`${path} answered ${answer?.status}`);
  });
  for (const lane of lanes) lane.close();
  return measured;
}

/** An answer as it comes over the wire. */
function fetchRaw(port: number, path: string): Promise<{ body: Buffer; headers: IncomingHttpHeaders }> {
  return new Promise((resolve, reject) => {
    get({ port, host: "127.0.0.1", path, headers: accepting }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("end", () => resolve({ body: Buffer.concat(parts), headers: answer.headers }));
    }).on("error", reject);
  });
}

/** nginx makes these itself; the request's id it makes anew for each answer, as we do. */
const itsOwn = new Set(["date", "connection", "keep-alive", "content-length", "content-type", "etag", "x-request-id"]);

/** nginx that sends the landing page's bytes and headers from one file. */
async function startOnFiles(port: number) {
  const { body, headers } = await fetchRaw(port, "/");
  const folder = mkdtempSync(join(tmpdir(), "komichi-file-"));
  mkdirSync(join(folder, "www"));
  writeFileSync(join(folder, "www/page"), body);
  const lines = Object.entries(headers)
    .filter(([name]) => !itsOwn.has(name))
    .map(([name, value]) => `add_header ${name} "${String(value)}";`);
  const site = (own: number) => `open_file_cache max=10 inactive=60s;
  types {} default_type "${headers["content-type"]}";
  server {
    listen 127.0.0.1:${own}; root ${folder}/www;
    location / { try_files /page =404; ${lines.join(" ")} add_header x-request-id $request_id; }
  }`;
  const nginx = await startNginx(site, onCore(0));
  return {
    ...nginx,
    stop: async () => {
      await nginx.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Builds the same site for Astro's own server, and starts it. */
async function startStandalone(): Promise<{ port: number; process: ChildProcess }> {
  const astro = [
    "node_modules/astro/bin/astro.mjs",
    "build",
    "--silent",
    "--config",
    "tests/bench/standalone.config.mjs",
  ];
  execFileSync(process.execPath, astro, { env: { ...process.env, ASTRO_TELEMETRY_DISABLED: "1" }, stdio: "inherit" });
  const port = await freePort();
  const [command = "", ...rest] = [...onCore(0), process.execPath, "dist/bench/server/entry.mjs"];
  const env = { ...process.env, HOST: "127.0.0.1", PORT: String(port), ASTRO_NODE_LOGGING: "disabled" };
  const child = spawn(command, rest, { env, stdio: ["ignore", "ignore", "inherit"] });
  for (let i = 0; i < 200; i++) {
    if (await fetchRaw(port, "/").catch(() => undefined)) return { port, process: child };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("Astro's standalone server did not start");
}
