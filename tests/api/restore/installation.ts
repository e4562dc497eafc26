/** An installation of its own for tests of backups: its folder, its keys, its commands, and the product as processes. */

import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "#db/cluster/address.ts";
import { isAlive } from "#db/cluster/lock.ts";
import { type Outcome, runCommand } from "../../command.ts";
import { type Running, startProduct, stopProduct } from "../../process.ts";

export interface Installation {
  /** Holds everything below. */
  folder: string;
  dataDir: string;
  backupDir: string;
  variables: Record<string, string>;
  /** Runs a command of the terminal on it. */
  cli: (words: string[], variables?: Record<string, string>, input?: string) => Promise<Outcome>;
  /** The same with --json; throws what it says when it fails. */
  json: <T>(words: string[], variables?: Record<string, string>) => Promise<T>;
  start: (variables?: Record<string, string>) => Promise<Running>;
  /** kill -9 of every process that was started, and of PostgreSQL, and the data directory gone. */
  destroy: () => void;
  /** Stops what runs, and deletes everything. */
  end: () => Promise<void>;
}

export const newKey = (): string => randomBytes(32).toString("base64");

/** Nothing is started yet. Keys come from the environment, and so lie in no folder. */
export async function makeInstallation(more: Record<string, string> = {}): Promise<Installation> {
  const folder = mkdtempSync(join(tmpdir(), "komichi-restore-"));
  const [dataDir, backupDir] = [join(folder, "data"), join(folder, "backups")];
  const variables: Record<string, string> = {
    ...{ DATA_DIR: dataDir, BACKUP_DIR: backupDir, DATABASE_URL: "", VAULT_KEY: newKey(), BACKUP_KEY: newKey() },
    ...{ BACKUP_DAYS: "35", INTAKE_PER_MINUTE: "100000" },
    ...more,
  };
  const running: Running[] = [];
  const cli: Installation["cli"] = (words, given = {}, input) =>
    runCommand(words, { variables: { ...variables, ...given }, ...(input !== undefined && { input }) });
  return {
    ...{ folder, dataDir, backupDir, variables, cli },
    json: async <T>(words: string[], given?: Record<string, string>) => {
      const { code, out, err } = await cli([...words, "--json"], given);
      if (code !== 0) throw new Error(err);
      return JSON.parse(out) as T; // the command's own shape
    },
    start: async (given = {}) => {
      const product = await startProduct({ ...variables, PORT: String(await freePort()), ...given });
      running.push(product);
      return product;
    },
    destroy: () => {
      const database = Number(readFileSync(join(dataDir, "pg/postmaster.pid"), "utf8").split("\n")[0]);
      for (const { process: child } of running) child.kill("SIGKILL");
      for (const pid of [...readdirSync(join(dataDir, "run")).map(Number), database])
        if (isAlive(pid)) process.kill(pid, "SIGKILL");
      running.length = 0;
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 20 });
      mkdirSync(dataDir);
    },
    end: async () => {
      for (const product of running) await stopProduct(product);
      rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
    },
  };
}

/** What a family sends. */
export const canary = { message: "カナリヤがなくとき", name: "金糸雀みこと", phone: "086-000-7337" };

/** Sends one consultation; returns its reference. Throws when it is not accepted. */
export async function consult({ port }: Running, email: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/consultations`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": email },
    body: JSON.stringify({ ...canary, email, reply_by: "email", consent: true }),
  });
  if (answer.status !== 201) throw new Error(`refused: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { reference: string }).reference;
}

/** When the last run of a job that was done began, in seconds; 0 before the first. */
export async function jobDoneAt({ port }: Running, job: string): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const value = (name: string) => Number(new RegExp(`${name}\\{job="${job}"\\} (\\S+)`, "u").exec(metrics)?.[1] ?? 0);
  return value("komichi_job_last_run_success") === 1 ? value("komichi_job_last_run_timestamp_seconds") : 0;
}

/** Waits until a run of the job that began after this call was done. */
export async function nextRun(product: Running, job: string): Promise<void> {
  const asked = Date.now() / 1000;
  for (let i = 0; i < 400; i++) {
    if ((await jobDoneAt(product, job)) > asked) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the job ${job} was not done within 40 seconds`);
}
