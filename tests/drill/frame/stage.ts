/** A product of its own in a temporary folder, with its mail server, for a drill to hurt. */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectAsOwner, type Db, disconnect } from "#db/client.ts";
import { freePort, identity, urlOf } from "#db/cluster/address.ts";
import { isAlive } from "#db/cluster/lock.ts";
import { type Running, spawnProduct, startProduct } from "../../process.ts";
import { type Outcome, Skipped } from "./drill.ts";
import type { MailServerMood } from "./mail-server.ts";

export class Stage {
  readonly folder = mkdtempSync(join(tmpdir(), "komichi-drill-"));
  readonly dataDir = join(this.folder, "data");
  readonly mailLog = join(this.folder, "mails.log");
  /** Of every process of the product; a drill adds its own. */
  readonly variables: Record<string, string>;
  readonly #mailPort: number;
  readonly #running = new Set<ChildProcess>();
  #mailServer: ChildProcess | undefined;

  private constructor(mailPort: number) {
    this.#mailPort = mailPort;
    this.variables = {
      DATA_DIR: this.dataDir,
      // Of whoever starts the drill; the product here has its own.
      ...{ VAULT_KEY: "", DATABASE_URL: "", MAIL_FROM: "", STAFF_NOTIFY: "", DKIM_DOMAIN: "" },
      SMTP_URL: `smtp://127.0.0.1:${mailPort}`,
      INTAKE_PER_MINUTE: "1000000",
      TRUSTED_PROXIES: "127.0.0.1",
    };
  }

  static async open(): Promise<Stage> {
    const stage = new Stage(await freePort());
    mkdirSync(stage.dataDir, { mode: 0o700 });
    return stage;
  }

  /** Starts a process that serves and waits until it is ready; on its former port, when it is one that was killed. */
  async start(variables: Record<string, string> = {}, port?: number): Promise<Running> {
    const PORT = String(port ?? (await freePort()));
    const running = await startProduct({ ...this.variables, PORT, ...variables });
    this.#running.add(running.process);
    return running;
  }

  /** Starts a process that only sends mails. It is there when its first mails go. */
  startWorker(): ChildProcess {
    const worker = spawnProduct({ ...this.variables, PORT: "0", ROLE: "worker" });
    this.#running.add(worker);
    return worker;
  }

  startMailServer(mood: MailServerMood = "kind"): void {
    const program = ["tests/drill/frame/mail-server.ts", String(this.#mailPort), this.mailLog, mood];
    this.#mailServer = spawn(process.execPath, program, { stdio: "ignore" });
  }

  killMailServer(): void {
    this.#mailServer?.kill("SIGKILL");
  }

  /** With the owner's rights. */
  databaseUrl(): string {
    return this.variables["DATABASE_URL"] || urlOf(this.dataDir, identity(this.dataDir), "komichi");
  }

  /** Runs `act` with one connection of the database's owner. */
  async withDatabase<T>(act: (owner: Db) => Promise<T>): Promise<T> {
    const owner = connectAsOwner(this.databaseUrl());
    try {
      return await act(owner);
    } finally {
      await disconnect(owner);
    }
  }

  /** Process id of the embedded PostgreSQL; undefined while there is none. */
  postgres(): number | undefined {
    const file = join(this.dataDir, "pg/postmaster.pid");
    const pid = existsSync(file) ? Number(readFileSync(file, "utf8").split("\n")[0]) : 0;
    return isAlive(pid) ? pid : undefined;
  }

  /** Runs a command of the terminal on this installation; its answer to --json. Throws what it says when it fails. */
  async cli<T>(...words: string[]): Promise<T> {
    const { child, ended } = this.startCli(...words);
    child.unref();
    const { code, out, err } = await ended;
    if (code !== 0) throw new Error(`${words.join(" ")}: ${err || out}`);
    return JSON.parse(out) as T; // the command's own shape
  }

  /** The same, for a drill that kills it. */
  startCli(...words: string[]) {
    const environment = { ...process.env, LOG: "off", ...this.variables };
    const child = spawn(process.execPath, ["api/cli.ts", ...words, "--json"], {
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = { out: "", err: "" };
    child.stdout.on("data", (text: Buffer) => (output.out += text.toString()));
    child.stderr.on("data", (text: Buffer) => (output.err += text.toString()));
    const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
      child.once("close", (code) => resolve({ code, ...output })),
    );
    return { child, ended };
  }

  /** Every process of the product and PostgreSQL are killed, and the data directory is gone. */
  async destroy(): Promise<void> {
    const database = this.postgres();
    const gone = [...this.#running].map(kill);
    if (database !== undefined) process.kill(database, "SIGKILL");
    await Promise.all(gone);
    this.#running.clear();
    rmSync(this.dataDir, { recursive: true, force: true, maxRetries: 50 });
    mkdirSync(this.dataDir, { mode: 0o700 });
  }

  /** Stops every process of the product. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.#running].map(stopGently));
  }

  /** Stops everything; the folder goes too unless it is to be kept. */
  async close({ isKept }: { isKept: boolean }): Promise<void> {
    await this.stopAll();
    this.#mailServer?.kill("SIGTERM");
    if (!isKept) rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Runs a drill on a stage of its own. What was lost, or a drill that breaks off, leaves the folder for a look. */
export async function staged(run: (stage: Stage) => Promise<Outcome>): Promise<Outcome> {
  const stage = await Stage.open();
  let isKept = true;
  const broken = () => void stage.close({ isKept }).finally(() => process.exit(130));
  process.once("SIGINT", broken);
  try {
    const outcome = await run(stage);
    isKept = outcome.losses.length > 0;
    return isKept ? { ...outcome, kept: stage.folder } : outcome;
  } catch (error) {
    isKept = !(error instanceof Skipped);
    if (isKept) process.stderr.write(`Kept for a look: ${stage.folder}\n`);
    throw error;
  } finally {
    process.off("SIGINT", broken);
    await stage.close({ isKept });
  }
}

/** Kills it without warning and waits until it is gone. */
export const kill = (child: ChildProcess): Promise<void> => end(child, "SIGKILL");

/** Asks it to stop and waits until it has. */
export const stopGently = (child: ChildProcess): Promise<void> => end(child, "SIGTERM");

async function end(child: ChildProcess, signal: "SIGKILL" | "SIGTERM"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await gone;
}
