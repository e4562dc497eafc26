/**
 * The process: starts database, server, jobs and sender, prints their addresses, and stops them in reverse order.
 * What only one role needs is loaded with `import()` in that role: every module costs memory and time at the start.
 */

import { fstatSync } from "node:fs";
import { join } from "node:path";
import { tidyAfterStart } from "#api/process/after-start.ts";
import { openDatabase, openWhenReachable } from "#api/process/open-database.ts";
import { startWarnings } from "#api/process/start-warnings.ts";
import { connectUnavailable, disconnect } from "#db/client.ts";
import { noteConsents } from "#db/consents/versions.ts";
import { env } from "#db/env.ts";
import { adminMessage } from "#db/errors.ts";
import { log, traceOf } from "#db/log.ts";
import { settings } from "#db/settings/settings.ts";
import { followSettings, readSettingsCopy } from "#db/settings/store.ts";
import { newKeysWarning } from "#db/vault/key-sheet.ts";
import type { KeyKind } from "#db/vault/written-keys.ts";

const print = (sentence: string) => process.stdout.write(`${sentence}\n`);

/** The parts of a running process, in the order in which they are stopped: each before what it needs. */
const stopOrder = ["sender", "server", "jobs", "settings", "registration", "pool", "cluster"] as const;
/** How to stop each part that was started. */
const stopPart: Partial<Record<(typeof stopOrder)[number], () => unknown>> = {};
let isStopping = false;

async function stop(code: number): Promise<never> {
  if (isStopping) return new Promise(() => {});
  isStopping = true;
  for (const part of stopOrder) {
    await Promise.resolve(stopPart[part]?.()).catch((error: unknown) => log("stop.failed", traceOf(error)));
  }
  process.exit(code);
}

/** Starts the embedded PostgreSQL, or joins the one that runs. Returns its URL. */
async function startCluster(): Promise<string> {
  print("Starting PostgreSQL 18 …");
  const { joinCluster } = await import("#db/cluster/cluster.ts");
  const cluster = await joinCluster(env.DATA_DIR, (seconds) =>
    print(`PostgreSQL repeats what it was doing when it was stopped (${seconds} s so far). Please wait …`),
  );
  stopPart.cluster = cluster.leave;
  if (!cluster.started) print("Joined the PostgreSQL that was already running in DATA_DIR.");
  return cluster.url;
}

/** Loads the web part, and makes its server. */
async function loadWeb() {
  const [{ createWeb }, { createApp }] = await Promise.all([import("#api/process/serve.ts"), import("./app.ts")]);
  const web = await createWeb(createApp);
  const listen = async () => {
    stopPart.server = await web.listen();
  };
  return { ...web, listen };
}

async function start(): Promise<void> {
  const serves = env.ROLE !== "worker";
  connectUnavailable();
  stopPart.pool = () => disconnect();
  await readSettingsCopy();
  // Begun here, so that it is loaded while PostgreSQL starts.
  const loading = serves ? loadWeb() : undefined;
  loading?.catch(() => {}); // where it fails, it throws below
  const { made, isListening } = await open(async () => (await loading)?.listen());
  const web = await loading;
  stopPart.settings = await followSettings(
    () =>
      void noteConsents()
        .catch((error: unknown) => log("consents.not_noted", traceOf(error)))
        .then(() => web?.settingsChanged()),
  );
  await noteConsents();
  await web?.prepareDatabase();
  if (!isListening) await web?.listen();
  const { startJobs } = await import("./jobs.ts");
  const stopJobs = startJobs();
  stopPart.jobs = async () => {
    stopJobs();
    await (await import("#api/backup/low-priority.ts")).stopStarted();
  };
  if (env.ROLE !== "web") await startSending();
  if (made.length > 0) print(`\n${isJournal() ? madeUnseen : newKeysWarning(made)}`);
  if (made.length > 0 && fstatSync(process.stdout.fd).isFile()) print(`\n${keysInFile}`);
  await announce(serves);
  tidyAfterStart();
}

/**
 * Opens the database. One of our own is there, or the start fails. One elsewhere (DATABASE_URL) may come later: then
 * `listen` is called first, so that what needs no database is served meanwhile.
 */
async function open(listen: () => Promise<void> | undefined): Promise<{ made: KeyKind[]; isListening: boolean }> {
  let isListening = false;
  const opened =
    env.DATABASE_URL === undefined
      ? await openDatabase(await startCluster())
      : await openWhenReachable(env.DATABASE_URL, async (code) => {
          print(`The database cannot be reached (${code}); trying again every second.`);
          await listen();
          isListening = true;
        });
  stopPart.registration = opened.unregister;
  return { made: opened.made, isListening };
}

/** Whether what is printed goes to systemd's journal, which keeps it: no place for a key. */
function isJournal(): boolean {
  const { dev, ino } = fstatSync(process.stdout.fd);
  return env.JOURNAL_STREAM === `${dev}:${ino}`;
}

const keysInFile = `  WARNING: this output goes into a file, so both keys stand in it now. Write them down, stop, delete that file, and start again.
  この出力はファイルに書かれているので、鍵もその中に残っています。紙に控えたら、止めて、そのファイルを消してください。`;

const madeUnseen =
  "  IMPORTANT: new keys were made. This output is kept as a log; to see and note them: npm run -s cli -- keys";

async function startSending(): Promise<void> {
  const { startSender } = await import("#emails/sender/sender.ts");
  const sender = startSender();
  stopPart.sender = () => sender.stop();
}

async function announce(serves: boolean): Promise<void> {
  const token = serves ? await (await import("#api/staff/invite.ts")).setUpToken() : undefined;
  print("");
  if (serves) print(`  Public site    ${env.PUBLIC_ORIGIN}/`);
  if (serves) print(`  Staff          ${env.PUBLIC_ORIGIN}/staff`);
  if (token !== undefined)
    print(`  Set-up link    ${env.PUBLIC_ORIGIN}/staff/invitations/${token}   (makes the first manager, once)`);
  print(
    `  Mails go to    ${env.SMTP_URL === undefined ? join(env.DATA_DIR, "outbox") : new URL(env.SMTP_URL).host}, from ${settings().values["mail_from.address"]}`,
  );
  const from = settings().values["mail_from.address"];
  const mail = { hasMailServer: env.SMTP_URL !== undefined, origin: env.PUBLIC_ORIGIN, from };
  for (const warning of startWarnings(mail)) print(`  WARNING: ${warning}`);
  print(`  Process        ${env.ROLE}, pid ${process.pid}; stop with Ctrl-C`);
  print("");
}

function explain(error: unknown): string {
  if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") {
    return `Port ${env.PORT} is taken. If this product is running already, it is at ${env.PUBLIC_ORIGIN}/ ; otherwise choose another PORT.`;
  }
  return adminMessage(error);
}

// The reader of our output may close the pipe (EPIPE); that must not end the process.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(0));
// The launcher (boot.mjs) is gone, perhaps killed: stop too, so that the port is free for the next start.
process.on("disconnect", () => void stop(0));
process.channel?.unref();
process.on("unhandledRejection", (error) => log("unhandled", traceOf(error)));

start().catch((error: unknown) => {
  process.stderr.write(`\n${explain(error)}\n`);
  void stop(1);
});
