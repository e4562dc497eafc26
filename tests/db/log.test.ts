import { spawnSync } from "node:child_process";
import { setImmediate as nextTurn } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { connect, db, disconnect } from "#db/client.ts";
import { siblingUrl } from "#db/cluster/cluster.ts";
import { env } from "#db/env.ts";
import { log, logGathered, traceOf } from "#db/log.ts";
import { tokenForId } from "#db/vault/tokens.ts";
import { application } from "../app.ts";

const canary = "カナリヤが夜の病室で鳴いています";

/** What is written to the log meanwhile. */
let lines: string[] = [];
const { write } = process.stderr;
beforeEach(() => {
  lines = [];
  env.LOG = "json";
  process.stderr.write = ((line: string) => lines.push(line) > 0) as typeof write;
});
afterEach(() => {
  env.LOG = "off";
  process.stderr.write = write;
});

describe("a trace", () => {
  test("of a database's refusal holds class, code and places, never the words", async () => {
    const error: unknown = await db.execute(sql`select ${canary}::text::uuid`).catch((thrown: unknown) => thrown);
    expect(String(error)).toContain(canary);
    const trace = traceOf(error);
    expect(trace).toMatchObject({ error: "Error", code: "22P02" });
    expect(JSON.stringify(trace)).not.toContain("カナリヤ");
  });

  const errors: [string, () => unknown][] = [
    ["words in the message", () => new Error(canary)],
    [
      "words that look like a place in the code",
      () => new Error(`first\n    at ${canary} (/app/api/leads.ts:1:2)\n    at last`),
    ],
    [
      "broken JSON",
      () => {
        try {
          return JSON.parse(`{"message":"\n    at ${canary}`) as unknown;
        } catch (error) {
          return error;
        }
      },
    ],
    ["words in the cause", () => new Error("outer", { cause: new Error(`x\n    at ${canary}`) })],
    ["a message changed after the throw", () => Object.assign(new Error(`\n    at ${canary}`), { message: "other" })],
    ["words thrown alone", () => canary],
    [
      "words as a code",
      () => Object.assign(new Error("x"), { code: canary, constraint_name: canary, table_name: canary }),
    ],
    ["words as a name", () => Object.assign(new Error("x"), { name: canary })],
  ];
  test.each(errors)("of an error with %s holds none", (_, make) => {
    const told = JSON.stringify(traceOf(make()));
    expect(told).not.toContain("カナリヤ");
  });

  test("says where it happened", () => {
    expect(traceOf(new TypeError("x"))).toMatchObject({
      error: "TypeError",
      stack: expect.stringMatching(/log\.test\.ts:\d+:\d+/u),
    });
  });
});

describe("the log of a process", () => {
  test("is one JSON line an event, and silent when told to be", () => {
    log("event", { id: "1", ms: 2, none: undefined });
    env.LOG = "off";
    log("event");
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      { at: expect.stringMatching(/Z$/u), event: "event", id: "1", ms: 2 },
    ]);
  });

  test("gathers the lines of requests and writes them together, before the next other line", async () => {
    logGathered("request", { n: 1 });
    logGathered("request", { n: 2 });
    expect(lines).toEqual([]);
    await nextTurn();
    expect(lines.map((written) => written.match(/"n":\d/gu))).toEqual([['"n":1', '"n":2']]);
    logGathered("request", { n: 3 });
    log("failed", { n: 4 });
    expect(lines.slice(1).map((written) => written.match(/"n":\d/gu))).toEqual([['"n":3', '"n":4']]);
    await nextTurn();
    expect(lines).toHaveLength(2);
  });

  test("names routes and states, no words, addresses, names or tokens, whatever happens", async () => {
    const app = await application();
    const token = tokenForId("invitation", "0191d3a0-0000-7000-8000-000000000001");
    const body = {
      message: canary,
      name: "カナリヤ子",
      email: "kanariya@example.jp",
      reply_by: "email",
      consent: true,
    };
    const init = (sent: object) => ({
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(sent),
    });
    const statuses: number[] = [];
    const visit = async () => {
      statuses.push((await app.request("/api/consultations", init(body))).status);
      statuses.push((await app.request("/api/consultations", init({ ...body, [canary]: 1 }))).status);
      statuses.push((await app.request(`/staff/invitations/${token}?q=${encodeURIComponent(canary)}`)).status);
      statuses.push((await app.request(`/d/${token}`)).status);
      statuses.push((await app.request(`/${encodeURIComponent(canary)}`)).status);
    };
    await visit();
    const { url } = await away();
    await visit();
    await back(url);
    expect(statuses).toEqual([201, 422, 404, 404, 404, 503, 422, 503, 503, 404]);
    await nextTurn();
    const text = lines.join("");
    for (const secret of ["カナリヤ", "kanariya", token, encodeURIComponent(canary).slice(0, 20)])
      expect(text.includes(secret), `${secret} in the log`).toBe(false);
    const requests = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { event: string; route?: string })
      .filter(({ event }) => event === "request");
    expect(requests.map(({ route }) => route).slice(0, 5)).toEqual([
      "/api/consultations",
      "/api/consultations",
      "/*",
      "/d/:token",
      "/*",
    ]);
  });
});

test.each(["process.exit(0)", "throw new Error('a bug')", "process.kill(process.pid, 'SIGTERM')", ""])(
  "no gathered line is lost when the process ends by: %s",
  (ending) => {
    const script = `
      import { logGathered } from "#db/log.ts";
      process.on("SIGTERM", () => process.exit(0));
      for (let n = 0; n < 400; n++) logGathered("request", { n });
      ${ending};`;
    const { stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      env: { ...process.env, LOG: "json" },
      encoding: "utf8",
    });
    const numbers = [...stderr.matchAll(/"event":"request","n":(\d+)\}\n/gu)].map(([, n]) => Number(n));
    expect(numbers).toEqual(Array.from({ length: 400 }, (_, n) => n));
  },
);

async function away(): Promise<{ url: string }> {
  const [row] = await db.execute<{ name: string }>(sql`select current_database() as name`);
  await disconnect();
  connect("postgres://nobody:nothing@127.0.0.1:9/away");
  return { url: siblingUrl(inject("clusterUrl"), row?.name ?? "") };
}

async function back(url: string): Promise<void> {
  await disconnect();
  connect(url);
}
