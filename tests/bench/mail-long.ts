/** One issue to very many readers, with receipts meanwhile, and issues while a backup is taken. */

import { setTimeout as sleep } from "node:timers/promises";
import { inArray, sql } from "drizzle-orm";
import { db, transaction } from "#db/client.ts";
import { env } from "#db/env.ts";
import { deliveries } from "#db/schema/mail.ts";
import { requestSubscription } from "#emails/lists/subscriptions.ts";
import { sendIssue } from "../many-readers.ts";
import { type BackupCost, measureBackupCost } from "./backup.ts";
import { type Audience, median, openSink, ours, residentMb, startWorker, stopWorker } from "./mail-worker.ts";

/** Milliseconds of rest after the worker's start. */
const restMs = 20_000;

/** From one receipt to the next while the issue is sent, in milliseconds. */
const receiptEveryMs = 500;

/** Mails of the receipts' lane, one after the other until it is over. Returns the milliseconds of each, by the database's clock. */
async function sendReceipts(isOver: () => boolean): Promise<number[]> {
  const ids: string[] = [];
  for (let n = 0; !isOver(); n++) {
    const request = { email: `asks${n}@example.jp`, consent: "計測", form: "/newsletter", locale: "ja" as const };
    const id = await transaction((tx) => requestSubscription(tx, request));
    if (id !== undefined) ids.push(id);
    await sleep(receiptEveryMs);
  }
  await sleep(2000); // the last one's own
  const took = sql<number>`extract(epoch from ${deliveries.handingOverAt} - ${deliveries.queuedAt})::float8 * 1000`;
  const rows = await db.select({ took }).from(deliveries).where(inArray(deliveries.id, ids));
  // One that is still waiting has waited the longest.
  return rows.map((row) => Math.round(row.took ?? Infinity));
}

/** One issue to very many: seconds of the statement that queues it, the rate of each tenth, receipts meanwhile, and the worker's memory. */
export async function sendToMany(audience: Audience, recipients: number) {
  const sink = await openSink(0);
  const worker = startWorker(sink.port, 20, {});
  await ours(sink, worker, audience, 100);
  // Until what the start loaded has been given back: memory of sending is what is asked for.
  await sleep(restMs);
  const memory: number[] = [];
  const watching = setInterval(() => memory.push(residentMb(worker.pid ?? 0)), 500);
  const tenth = Math.floor(recipients / 10);
  const tenths: number[] = [];
  const all = new Promise<void>((resolve) => {
    sink.onCount(({ seconds }) => tenths.push(Math.round(tenth / seconds)) === 10 && resolve());
  });
  void sink.receive(tenth);
  const enqueueSeconds = await sendIssue(audience, recipients);
  let isOver = false;
  const receipts = sendReceipts(() => isOver);
  await all;
  isOver = true;
  const receiptMs = await receipts;
  clearInterval(watching);
  await stopWorker(worker);
  sink.close();
  return {
    recipients,
    enqueueSeconds: Math.round(enqueueSeconds * 10) / 10,
    tenths,
    /** From queueing a receipt to the moment at which it is handed over: how many there were, the median, and the longest. */
    receipts: { count: receiptMs.length, median: median(receiptMs), most: Math.max(...receiptMs) },
    mb: {
      first: Math.round(memory[0] ?? 0),
      last: Math.round(memory.at(-1) ?? 0),
      most: Math.round(Math.max(...memory)),
    },
  };
}

/** What a backup costs: issues to 2,000 readers one after the other, with and without one. */
export async function measureWithBackup(audience: Audience): Promise<BackupCost> {
  const sink = await openSink(0);
  const worker = startWorker(sink.port, 20, {});
  const cost = await measureBackupCost(env.DATA_DIR, async () => (await ours(sink, worker, audience, 2000)).perSecond);
  await stopWorker(worker);
  sink.close();
  return cost;
}
