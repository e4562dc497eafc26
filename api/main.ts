/** The process: starts database, jobs, server and sender, prints their addresses, and stops them in reverse order. */

import type { Server } from "node:http";
import { join } from "node:path";
import { warmUpClicks } from "#analytics/clicks/record.ts";
import { installBundledGuides } from "#api/guides/install-bundled.ts";
import { bodyTimeout, uploadTimeoutMs } from "#api/http/uploads.ts";
import { loadSite, warmUp } from "#api/pages/site.ts";
import { setUpToken } from "#api/staff/invite.ts";
import { createWebServer, followChanges } from "#api/web/server.ts";
import { connect, disconnect } from "#db/client.ts";
import { type Cluster, joinCluster } from "#db/cluster/cluster.ts";
import { env } from "#db/env.ts";
import { adminMessage } from "#db/errors.ts";
import { log, traceOf } from "#db/log.ts";
import { migrate } from "#db/migrate.ts";
import { registerProcess } from "#db/vault/processes.ts";
import { newKeyWarning } from "#db/vault/vault.ts";
import { startSender } from "#emails/outbox/sender.ts";
import { createApp } from "./app.ts";
import { startJobs } from "./jobs.ts";

const print = (sentence: string) => process.stdout.write(`${sentence}\n`);

/** How to stop what was started, in the order of the start; `stop` runs it in reverse. */
const stopSteps: (() => unknown)[] = [];
let isStopping = false;

async function stop(code: number): Promise<never> {
  if (isStopping) return new Promise(() => {});
  isStopping = true;
  for (const step of stopSteps.toReversed()) {
    await Promise.resolve(step()).catch((error: unknown) => log("stop.failed", traceOf(error)));
  }
  process.exit(code);
}

async function database(): Promise<string> {
  if (env.DATABASE_URL !== undefined) return env.DATABASE_URL;
  print("Starting PostgreSQL 18 …");
  const cluster: Cluster = await joinCluster(env.DATA_DIR);
  stopSteps.push(cluster.leave);
  if (!cluster.started) print("Joined the PostgreSQL that was already running in DATA_DIR.");
  return cluster.url;
}

async function listen(): Promise<Server> {
  const site = await loadSite();
  await site.pages.readCopies();
  await warmUpClicks();
  const server = createWebServer(site, createApp(site).fetch);
  server.headersTimeout = 10_000;
  server.requestTimeout = uploadTimeoutMs;
  server.on("request", bodyTimeout());
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(env.PORT, env.HOST, resolve);
  });
  stopSteps.push(site.pages.start(), await followChanges(site));
  void warmUp(site);
  stopSteps.push(
    () =>
      new Promise((resolve) => {
        // Requests under way finish within 5 seconds; idle keep-alive connections are closed at once.
        server.close(resolve);
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 5000).unref();
      }),
  );
  return server;
}

async function start(): Promise<void> {
  const url = await database();
  await migrate(url);
  connect(url);
  stopSteps.push(() => disconnect());
  const { created, unregister } = await registerProcess(env.ROLE);
  stopSteps.push(unregister);
  await installBundledGuides();
  stopSteps.push(startJobs());
  const serves = env.ROLE !== "worker";
  if (serves) await listen();
  if (env.ROLE !== "web") {
    const sender = startSender();
    stopSteps.push(() => sender.stop());
  }
  if (created !== undefined) print(`\n${newKeyWarning(created)}`);
  await announce(serves);
}

async function announce(serves: boolean): Promise<void> {
  const token = await setUpToken();
  print("");
  if (serves) print(`  Public site    ${env.PUBLIC_ORIGIN}/`);
  if (serves) print(`  Staff          ${env.PUBLIC_ORIGIN}/staff`);
  if (serves && token !== undefined)
    print(`  Set-up link    ${env.PUBLIC_ORIGIN}/staff/invitations/${token}   (makes the first manager, once)`);
  print(
    `  Mails go to    ${env.SMTP_URL === undefined ? join(env.DATA_DIR, "outbox") : new URL(env.SMTP_URL).host}, from ${env.MAIL_FROM}`,
  );
  if (env.SMTP_URL !== undefined && env.MAIL_FROM.includes("@example.jp"))
    print("  WARNING: MAIL_FROM is still the sample address; families' mail filters will refuse it.");
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
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void stop(0));
// The launcher (boot.mjs) is gone, perhaps killed: stop too, so that the port is free for the next start.
process.on("disconnect", () => void stop(0));
process.channel?.unref();
process.on("unhandledRejection", (error) => log("unhandled", traceOf(error)));

start().catch((error: unknown) => {
  process.stderr.write(`\n${explain(error)}\n`);
  void stop(1);
});
