/**
 * Pages from memory against nginx serving the same bytes with the same headers as a file: one core for
 * the server, another for whoever asks, in turns, so that a busy machine is busy for both.
 */

import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { get, type IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "#db/cluster/address.ts";
import { Lane, measure } from "./load.ts";

export interface Race {
  path: string;
  bytes: number;
  nginxPerSecond: number;
  oursPerSecond: number;
  /** Ours to nginx's, the median of the rounds. */
  ratio: number;
}

const nginx = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/opt/homebrew/bin/nginx"].find((path) => existsSync(path));
const has = (program: string) => spawnSync("which", [program]).status === 0;
/** In front of a command, so that it stays on one core; nothing where that cannot be had. */
const onCore = (core: number) => (has("taskset") ? ["taskset", "-c", String(core)] : []);
const accepting = { "accept-encoding": "br" };

/** Undefined, with a word about it, when there is no nginx here. */
export async function raceNginx(
  paths: string[],
  ours: { port: number; process: ChildProcess },
  say: (line: string) => void,
  seconds = 3,
): Promise<Race[] | undefined> {
  if (nginx === undefined) {
    say("no nginx on this machine: the comparison with it is left out");
    return undefined;
  }
  if (has("taskset")) execFileSync("taskset", ["-acp", "0", String(ours.process.pid)]);
  const races: Race[] = [];
  for (const path of paths) races.push(await race(path, ours.port, seconds));
  return races;
}

async function race(path: string, port: number, seconds: number): Promise<Race> {
  const { body, headers } = await fetchRaw(port, path);
  const rival = await startNginx(body, headers);
  try {
    const rounds: [number, number][] = [];
    for (let i = 0; i < 5; i++) rounds.push([await load(rival.port, path, seconds), await load(port, path, seconds)]);
    const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
    return {
      path: path.replace(/c=.*/u, "c=…"),
      bytes: body.length,
      nginxPerSecond: median(rounds.map(([theirs]) => theirs)),
      oursPerSecond: median(rounds.map(([, own]) => own)),
      ratio: Math.round(median(rounds.map(([theirs, own]) => own / theirs)) * 100) / 100,
    };
  } finally {
    await rival.stop();
  }
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

async function startNginx(body: Buffer, headers: IncomingHttpHeaders) {
  const folder = mkdtempSync(join(tmpdir(), "komichi-nginx-"));
  const port = await freePort();
  mkdirSync(join(folder, "www"));
  writeFileSync(join(folder, "www/page"), body);
  const said = Object.entries(headers)
    .filter(([name]) => !itsOwn.has(name))
    .map(([name, value]) => `add_header ${name} "${String(value)}";`);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  const configuration = `daemon off; master_process off; worker_processes 1; pid ${folder}/pid; error_log stderr error;
events { worker_connections 256; }
http {
  ${temporary.join(" ")}
  access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; keepalive_requests 1000000000;
  open_file_cache max=10 inactive=60s;
  types {} default_type "${headers["content-type"]}";
  server {
    listen 127.0.0.1:${port}; root ${folder}/www;
    location / { try_files /page =404; ${said.join(" ")} add_header x-request-id $request_id; }
  }
}`;
  writeFileSync(join(folder, "nginx.conf"), configuration);
  const [program = "", ...rest] = [...onCore(0), nginx ?? "", "-p", folder, "-c", join(folder, "nginx.conf")];
  const child = spawn(program, rest, { stdio: ["ignore", "ignore", "inherit"] });
  const stop = async () => {
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    if (child.exitCode === null && child.signalCode === null) await gone;
    rmSync(folder, { recursive: true, force: true });
  };
  for (let i = 0; i < 100 && child.exitCode === null; i++) {
    const there = await fetchRaw(port, "/").catch(() => undefined);
    if (there?.body.equals(body)) return { port, stop };
    await sleep(50);
  }
  await stop();
  throw new Error("nginx did not start");
}

/** Answers a second over 32 connections. */
async function load(port: number, path: string, seconds: number): Promise<number> {
  if (!has("wrk")) return loadByLanes(port, path, seconds);
  const url = `http://127.0.0.1:${port}${path}`;
  const command = [...onCore(1), "wrk", "-t1", "-c32", `-d${seconds}s`, "-H", "Accept-Encoding: br", url];
  const out = await new Promise<string>((resolve, reject) => {
    const child = spawn(command[0] ?? "", command.slice(1), { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.on("data", (part: Buffer) => (text += part.toString()));
    child.on("close", () => resolve(text)).on("error", reject);
  });
  if (/Non-2xx|Socket errors/u.test(out)) throw new Error(`not every answer came: ${out}`);
  return Math.round(Number(/Requests\/sec:\s+([\d.]+)/u.exec(out)?.[1]));
}

async function loadByLanes(port: number, path: string, seconds: number): Promise<number> {
  const lanes = Array.from({ length: 32 }, () => new Lane(port));
  const request = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: br\r\n\r\n`;
  const { perSecond } = await measure(lanes.length, seconds, async (lane) => {
    const answer = await lanes[lane]?.ask(request);
    if (answer?.status !== 200) throw new Error(`${path} answered ${answer?.status}`);
  });
  for (const lane of lanes) lane.close();
  return perSecond;
}
