import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { connectAsOwner, disconnect } from "#db/client.ts";
import { joinCluster } from "#db/cluster/cluster.ts";
import { isAlive, lock } from "#db/cluster/lock.ts";

const program = fileURLToPath(new URL("joiner.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "komichi-cluster-"));
const inside = (name: string) => join(folder, name);

interface Joined {
  url: string;
  started: boolean;
  process: ChildProcess;
}

const running = new Set<ChildProcess>();

/** One more process on the same folder, once it has joined. */
async function joinIn(): Promise<Joined> {
  const child = spawn(process.execPath, [program, folder], { stdio: ["pipe", "pipe", "inherit"] });
  running.add(child);
  child.once("exit", () => running.delete(child));
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (text: Buffer) => resolve(text.toString()));
    child.once("exit", (code) => reject(new Error(`the joiner ended with ${code}`)));
  });
  return { ...(JSON.parse(line) as { url: string; started: boolean }), process: child };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise(
    (resolve) =>
      void (child.exitCode === null && child.signalCode === null ? child.once("exit", () => resolve()) : resolve()),
  );
}

async function leave({ process: child }: Joined): Promise<void> {
  child.stdin?.write("leave\n");
  await ended(child);
}

async function kill({ process: child }: Joined): Promise<void> {
  child.kill("SIGKILL");
  await ended(child);
}

let promised = 0;

/** Leaves one row; returns the server's process once every row ever promised is there. */
async function visit(url: string): Promise<number> {
  const owner = connectAsOwner(url);
  try {
    await owner.execute(sql`create table if not exists visits (at timestamptz default now())`);
    await owner.execute(sql`insert into visits default values`);
    promised++;
    const [row] = await owner.execute<{ visits: number }>(sql`select count(*)::int as visits from visits`);
    if (row?.visits !== promised) throw new Error(`${row?.visits} of ${promised} rows are left`);
    return postmaster();
  } finally {
    await disconnect(owner);
  }
}

const postmaster = () => Number(readFileSync(inside("pg/postmaster.pid"), "utf8").split("\n")[0]);
const portOf = (url: string) => new URL(url).port;

/** Repeats until it succeeds; the test's own limit ends it otherwise. */
async function eventually<T>(doing: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await doing();
    } catch {
      await sleep(50);
    }
  }
}

afterEach(async () => {
  vi.useRealTimers();
  // What a failed test left behind.
  for (const child of running) child.kill("SIGKILL");
  await Promise.all([...running].map(ended));
  const pid = existsSync(inside("pg/postmaster.pid")) ? postmaster() : 0;
  if (pid === process.pid || !isAlive(pid)) return;
  process.kill(pid, "SIGINT");
  while (isAlive(pid)) await sleep(20);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the product's own PostgreSQL", () => {
  test("is made once, whoever comes first, and keeps its secrets to its owner", async () => {
    const three = await Promise.all([joinIn(), joinIn(), joinIn()]);
    expect(three.map(({ started }) => started).toSorted()).toEqual([false, false, true]);
    expect(new Set(three.map(({ url }) => url)).size).toBe(1);
    for (const { url } of three) await visit(url);
    for (const joined of three) await leave(joined);
    for (const name of ["cluster.json", "pg", "postgres.log", "run"])
      expect([name, statSync(inside(name)).mode & 0o077]).toEqual([name, 0]);
  });

  test("is shared by processes, and stops with the last of them", async () => {
    const one = await joinIn();
    const two = await joinIn();
    expect([one.started, two.started, two.url === one.url]).toEqual([true, false, true]);
    const pid = await visit(one.url);
    await leave(one);
    expect(isAlive(pid)).toBe(true);
    expect(await visit(two.url)).toBe(pid);
    await leave(two);
    expect(isAlive(pid)).toBe(false);
  });

  test("left over from a crash, is taken over with all it holds, and stopped in the end", async () => {
    const one = await joinIn();
    const pid = await visit(one.url);
    await kill(one);
    expect(isAlive(pid)).toBe(true);
    const next = await joinIn();
    expect([next.started, next.url]).toEqual([false, one.url]);
    expect(await visit(next.url)).toBe(pid);
    await leave(next);
    expect(isAlive(pid)).toBe(false);
  });

  test("killed, is back on the same port with everything it had promised", async () => {
    const one = await joinIn();
    const pid = await visit(one.url);
    process.kill(pid, "SIGKILL");
    const revived = await eventually(() => visit(one.url));
    expect(revived).not.toBe(pid);
    await leave(one);
    expect(isAlive(revived)).toBe(false);
  });

  test("that cannot be started for a while, is waited for once and not by every look for it", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const { url, leave: end } = await joinCluster(folder);
    const pid = await visit(url);
    const release = await lock(inside("start.lock"));
    process.kill(pid, "SIGKILL");
    while (isAlive(pid)) await sleep(1);
    const waiting = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = waiting();
    vi.advanceTimersByTime(60_000);
    expect(waiting() - before).toBe(1);
    release();
    expect(await eventually(() => visit(url))).not.toBe(pid);
    await end();
  });

  test("killed together with its user, starts again where it was", async () => {
    const one = await joinIn();
    const pid = await visit(one.url);
    process.kill(pid, "SIGKILL");
    await kill(one);
    const next = await joinIn();
    expect([next.started, portOf(next.url)]).toEqual([true, portOf(one.url)]);
    expect(await visit(next.url)).not.toBe(pid);
    await leave(next);
  });

  test("takes another port when somebody else has its own", async () => {
    const one = await joinIn();
    await visit(one.url);
    await leave(one);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(Number(portOf(one.url)), "127.0.0.1", resolve));
    const next = await joinIn();
    expect(portOf(next.url)).not.toBe(portOf(one.url));
    await visit(next.url);
    await leave(next);
    await new Promise((resolve) => other.close(resolve));
  });

  test("of which a start was killed in the middle, holds the next start up no longer", async () => {
    await leave(await joinIn());
    const child = spawn(process.execPath, [program, folder], { stdio: "ignore" });
    running.add(child);
    while (!existsSync(inside("pg/postmaster.pid"))) await sleep(1); // it holds the lock now, and the server is coming
    child.kill("SIGKILL");
    await ended(child);
    running.delete(child);
    const next = await joinIn();
    expect(await visit(next.url)).toBe(postmaster());
    await leave(next);
  });

  test("a file that names another program's process for the server's, as after a machine's restart, is no server", async () => {
    writeFileSync(
      inside("pg/postmaster.pid"),
      `${process.pid}\n${inside("pg")}\n1700000000\n5432\n\n127.0.0.1\n\nready\n`,
    );
    chmodSync(inside("pg/postmaster.pid"), 0o600);
    const one = await joinIn();
    expect(one.started).toBe(true);
    await visit(one.url);
    await leave(one);
    expect(isAlive(process.pid)).toBe(true);
  });

  test("is found by the port it says itself, whatever was noted", async () => {
    const one = await joinIn();
    const pid = await visit(one.url);
    const noted = JSON.parse(readFileSync(inside("cluster.json"), "utf8")) as object;
    writeFileSync(inside("cluster.json"), JSON.stringify({ ...noted, port: 9 }));
    const two = await joinIn();
    expect([two.started, two.url, postmaster()]).toEqual([false, one.url, pid]);
    await leave(one);
    await leave(two);
  });

  test("left over in a folder that was moved away, keeps one in its place from being started: it would write over its files", async () => {
    const one = await joinIn();
    const pid = await visit(one.url);
    await kill(one);
    renameSync(folder, `${folder}-moved`);
    try {
      mkdirSync(folder);
      await expect(joinCluster(folder)).rejects.toThrow(`kill -QUIT ${pid} `);
      process.kill(pid, "SIGQUIT");
      await eventually(async () => expect(isAlive(pid)).toBe(false));
      const { started, leave: end } = await joinCluster(folder);
      expect(started).toBe(true);
      await end();
    } finally {
      rmSync(folder, { recursive: true });
      renameSync(`${folder}-moved`, folder);
    }
    const again = await joinIn();
    await visit(again.url);
    await leave(again);
  });

  test("writes nothing of a statement into its log", async () => {
    const one = await joinIn();
    await visit(one.url);
    const owner = connectAsOwner(one.url);
    await owner.execute(sql`create table if not exists letters (body text unique, long varchar(5))`);
    for (const statement of [
      sql`insert into letters (body) values (${"カナリヤ"})`,
      sql`insert into letters (body) values (${"カナリヤ"})`,
      sql`insert into letters (long) values (${"カナリヤの歌声"})`,
    ])
      await owner.execute(statement).catch(() => {});
    await disconnect(owner);
    await leave(one);
    expect(readFileSync(inside("postgres.log"), "utf8")).not.toContain("カナリヤ");
  });
});
