/** An installation of which `doctor` finds everything right, for tests that break one thing of it. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import type { Check, Outside } from "#api/doctor/check.ts";
import { doctorCommands } from "#api/doctor/command.ts";
import { dueTimes } from "#api/jobs.ts";
import { keyKinds, noteKey } from "#api/keys/noted.ts";
import { makeReal } from "#api/readiness/make-real.ts";
import { db } from "#db/client.ts";
import { env } from "#db/env.ts";
import { newId } from "#db/random/ids.ts";
import { jobRuns } from "#db/schema/jobs.ts";
import { processes } from "#db/schema/processes.ts";
import { registerProcess } from "#db/vault/processes.ts";
import { backupKeyStore } from "#db/vault/stored-keys.ts";
import { installationMark } from "#db/vault/tokens.ts";
import packageJson from "#package.json" with { type: "json" };
import { openSmtpServer } from "../../emails/smtp-server.ts";
import { ready } from "../readiness/ready.ts";
import { member } from "../requests.ts";

const gigabyte = 1024 ** 3;
const origin = "https://soudan.kaze.jp";

/** What DNS answers, by name. */
export const records: Record<string, string[][]> = {};
const goodRecords = {
  "kaze.jp": [["v=spf1 include:mail.kaze.jp ~all"]],
  "_dmarc.kaze.jp": [["v=DMARC1; p=none"]],
};

/** The world outside, as it is when nothing is wrong; a test changes a part of it. */
export const world: Outside = {} as Outside;
const goodWorld: Outside = {
  now: () => new Date(),
  get: () => Promise.resolve(new Response("ok", { headers: { "X-Installation": installationMark() } })),
  resolveTxt: (name) =>
    records[name]
      ? Promise.resolve(records[name])
      : Promise.reject(Object.assign(new Error(name), { code: "ENOTFOUND" })),
  space: () => Promise.resolve({ free: 100 * gigabyte, total: 200 * gigabyte }),
  isClockKept: () => Promise.resolve(true),
};

/** A run of a job that ended well at this moment. */
export async function jobSucceeded(name: string, at: Date, counts: Record<string, number> = {}): Promise<void> {
  const run = { startedAt: at, finishedAt: at, succeededAt: at, outcome: "done" as const, counts, error: null };
  await db
    .insert(jobRuns)
    .values({ name, ...run })
    .onConflictDoUpdate({ target: jobRuns.name, set: run });
}

export async function backedUpAt(at: Date): Promise<void> {
  await jobSucceeded("ship_wal", at);
  await jobSucceeded("take_backup", at, {
    ...{ newest_at: Math.round(at.getTime() / 1000), is_whole: 1, kept: 1, bytes: 1 },
  });
}

/** Makes it once per test file, and right again after each test. */
export function installation(): void {
  const backups = mkdtempSync(join(tmpdir(), "komichi-backups-"));
  const good = { ...env, PUBLIC_ORIGIN: origin, TRUSTED_PROXIES: ["127.0.0.1"], BACKUP_DIR: backups };
  const undo: (() => Promise<unknown>)[] = [];
  const makeRight = async () => {
    for (const name of Object.keys(env)) if (!(name in good)) Reflect.deleteProperty(env, name);
    Object.assign(env, good);
    Object.assign(world, goodWorld);
    for (const name of Object.keys(records)) Reflect.deleteProperty(records, name);
    Object.assign(records, goodRecords);
    await backedUpAt(new Date());
  };
  beforeAll(async () => {
    const server = await openSmtpServer();
    undo.push(server.close);
    Object.assign(good, { SMTP_URL: server.url });
    backupKeyStore.create();
    for (const kind of keyKinds) await noteKey(kind, [], "a test");
    const manager = await member("manager");
    await ready(manager);
    await makeReal(manager, { origin });
    undo.push((await registerProcess("all")).unregister);
    await makeRight();
  });
  afterEach(makeRight);
  afterAll(async () => {
    for (const step of undo) await step();
    rmSync(backups, { recursive: true, force: true });
  });
}

interface Found {
  real: boolean;
  missing: { code: string }[];
  checks: Check[];
}

/** The command, with its JSON as an object. */
export async function doctor() {
  const { doctor: command } = doctorCommands(() => Promise.resolve(dueTimes()), world);
  if (!command) throw new Error("there is no such command");
  const { value, lines, failed } = await command.run([], {}, new Set());
  return { ...(value as Found), value, lines, failed };
}

/** That `doctor` names this alone as something to do, and fails. Returns what it says. */
export async function expectToDo(...codes: string[]): Promise<string> {
  const { checks, lines, failed } = await doctor();
  const found = checks.filter(({ state }) => state === "todo");
  expect(found.map(({ code }) => code)).toEqual(codes);
  expect(failed).toBe(true);
  for (const { code, sentence, todo = "" } of found)
    expect(lines.join("\n")).toContain(`[todo] ${code}: ${sentence}\n       → ${todo}`);
  return found.map(({ sentence, todo }) => `${sentence}\n${todo}`).join("\n");
}

/** That it names this as something that can wait, and does not fail. */
export async function expectWarning(code: string): Promise<string> {
  const { checks, failed } = await doctor();
  const found = checks.find((check) => check.code === code);
  expect([found?.state, failed]).toEqual(["warn", false]);
  return `${found?.sentence}\n${found?.todo}`;
}

/** The state and sentence of a check. */
export async function sentenceOf(code: string): Promise<string> {
  const found = (await doctor()).checks.find((check) => check.code === code);
  return `${found?.state}: ${found?.sentence}`;
}

/** The process that runs began to at this moment. */
export const runsSince = (at: Date) => db.update(processes).set({ startedAt: at });

/** Another process on the same database. */
export async function anotherProcess(over: Partial<typeof processes.$inferInsert>): Promise<() => Promise<void>> {
  const id = newId();
  const row = { id, host: "elsewhere", pid: 1, role: "web" as const, keyIds: [], keySource: "VAULT_KEY" as const };
  await db.insert(processes).values({ ...row, version: packageJson.version, ...over });
  return async () => void (await db.delete(processes).where(eq(processes.id, id)));
}
