/**
 * Newsletters against nodemailer's own pool: the same letter to the same mail server over as many connections, in turns, so that a
 * busy machine is busy for both; and one issue to very many readers. Ours is a whole worker with its database.
 *
 * Usage: npm run bench -- --only mails [--recipients 100000] [--rounds 3]
 */

import { fork } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { connect, disconnect } from "#db/client.ts";
import { joinCluster } from "#db/cluster/cluster.ts";
import { env } from "#db/env.ts";
import { migrate } from "#db/migrate.ts";
import { newToken } from "#db/vault/tokens.ts";
import { openVault } from "#db/vault/vault.ts";
import { noMaterial } from "#emails/markdown/material.ts";
import { signedHeaders } from "#emails/smtp/dkim.ts";
import { newsletterMail } from "#emails/templates/newsletter.ts";
import { body, makeReaders } from "../many-readers.ts";
import { type BackupCost, inWords } from "./backup.ts";
import { measureWithBackup, sendToMany } from "./mail-long.ts";
import { type Audience, heard, median, openSink, ours, startWorker, stopWorker } from "./mail-worker.ts";

/** What is promised: messages a second against the bare pool at 20 and at 0 ms, CPU seconds of 1,000 letters, the worker's memory, milliseconds until a receipt is handed over meanwhile, and the rate during a backup. */
const bars = { slow: 0.9, fast: 0.7, cpu: 2, mb: 150, receiptMs: 1000, backup: 0.95 };

export interface MailRace {
  delayMs: number;
  connections: number;
  dkim: boolean;
  bare: number;
  ours: number;
  /** The median of the rounds. */
  ratio: number;
  /** CPU seconds of 1,000 letters: of the bare pool's process; of ours and of the database. */
  cpu: { bare: number; ours: number; database: number };
}

export interface MailTimes {
  races: MailRace[];
  long: Awaited<ReturnType<typeof sendToMany>> | undefined;
  /** What a backup costs newsletters. */
  backup: BackupCost | undefined;
  missed: string[];
}

const say = (line: string) => process.stdout.write(`${line}\n`);
const rounded = (value: number, digits = 2) => Math.round(value * 10 ** digits) / 10 ** digits;

async function race(
  delayMs: number,
  connections: number,
  dkim: Record<string, string>,
  rounds: number,
  audience: Audience,
) {
  const sink = await openSink(delayMs);
  const count = delayMs === 0 ? 2000 : connections * 200;
  const bare = fork("tests/bench/mail-bare.ts");
  const tokens = { unsubscribeToken: newToken(), preferencesToken: newToken() };
  const list = { slug: "news", name: "メールマガジン", replyTo: "" };
  const issue = {
    subject: "秋のたより：講演会のお知らせ",
    preheader: "",
    showsSubject: false,
    body,
    material: noMaterial,
  };
  const content = await newsletterMail({ ...issue, list, ...tokens });
  const keyFile = dkim["DKIM_KEY_FILE"];
  bare.send({ port: sink.port, connections, keyFile, headerFieldNames: signedHeaders, content });
  await heard(bare);
  const worker = startWorker(sink.port, connections, dkim);
  const results: { bare: { perSecond: number; cpu: number }; ours: Awaited<ReturnType<typeof ours>> }[] = [];
  // The first round warms both up.
  for (let round = 0; round <= rounds; round++) {
    const receiving = sink.receive(count);
    bare.send(count);
    const { cpu } = await heard<{ cpu: number }>(bare);
    const { seconds } = await receiving;
    results.push({
      bare: { perSecond: count / seconds, cpu: (cpu / count) * 1000 },
      ours: await ours(sink, worker, audience, count),
    });
  }
  bare.disconnect();
  await stopWorker(worker);
  sink.close();
  const counted = results.slice(1);
  const of = (value: (one: (typeof results)[number]) => number) => median(counted.map(value));
  return {
    ...{ delayMs, connections, dkim: keyFile !== undefined },
    bare: Math.round(of((one) => one.bare.perSecond)),
    ours: Math.round(of((one) => one.ours.perSecond)),
    ratio: rounded(of((one) => one.ours.perSecond / one.bare.perSecond)),
    cpu: {
      bare: rounded(of((one) => one.bare.cpu)),
      ours: rounded(of((one) => one.ours.cpu)),
      database: rounded(of((one) => one.ours.database)),
    },
  };
}

function missedBars(races: MailRace[], long?: MailTimes["long"], backup?: BackupCost): string[] {
  const name = ({ delayMs, connections, dkim }: MailRace) =>
    `${delayMs} ms, ${connections} connections${dkim ? ", DKIM" : ""}`;
  return [
    ...races
      .filter(({ delayMs, ratio }) => ratio < (delayMs === 0 ? bars.fast : bars.slow))
      .map((one) => `${name(one)}: ${one.ratio} of the bare pool`),
    ...races
      .filter(({ dkim, cpu }) => !dkim && cpu.ours + cpu.database > bars.cpu)
      .map((one) => `${name(one)}: ${rounded(one.cpu.ours + one.cpu.database)} s of CPU for 1,000`),
    ...(long && long.receipts.most > bars.receiptMs ? [`a receipt waited ${long.receipts.most} ms`] : []),
    ...(long && long.mb.most > bars.mb ? [`the worker took ${long.mb.most} MB`] : []),
    ...(long && (long.tenths.at(-1) ?? 0) < (long.tenths[0] ?? 0) * 0.8
      ? ["the last tenth was slower than the first"]
      : []),
    ...(backup && backup.ratio < bars.backup ? [`${backup.ratio} of the rate while a backup is taken`] : []),
  ];
}

async function measureMail(recipients: number, rounds: number): Promise<MailTimes> {
  const audience = await makeReaders(Math.max(recipients, 2000));
  const keyFile = join(env.DATA_DIR, "dkim.pem");
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writeFileSync(keyFile, privateKey.export({ type: "pkcs8", format: "pem" }));
  const signed = { DKIM_DOMAIN: "example.jp", DKIM_SELECTOR: "k1", DKIM_KEY_FILE: keyFile };
  say(`\nnewsletters against nodemailer's bare pool; CPU in seconds of 1,000 letters`);
  say("reply ms | connections | DKIM | bare /s | ours /s | ratio | CPU bare | CPU ours + database");
  const races: MailRace[] = [];
  for (const dkim of [{}, signed])
    for (const delayMs of [20, 0])
      for (const connections of [5, 20]) {
        const name = `${delayMs}/${connections}${dkim === signed ? "/dkim" : ""}`;
        if (values.race !== undefined && values.race !== name) continue;
        const one = await race(delayMs, connections, dkim, rounds, audience);
        races.push(one);
        say(
          `${String(delayMs).padStart(8)} | ${String(connections).padStart(11)} | ${one.dkim ? "yes " : "no  "} | ${String(one.bare).padStart(7)} | ${String(one.ours).padStart(7)} | ${one.ratio.toFixed(2).padStart(5)} | ${one.cpu.bare.toFixed(2).padStart(8)} | ${one.cpu.ours} + ${one.cpu.database}`,
        );
      }
  if (races.length > 0 && values.race !== undefined)
    return { races, long: undefined, backup: undefined, missed: missedBars(races) };
  const long = await sendToMany(audience, recipients);
  const { mb, receipts } = long;
  say(
    `one issue to ${recipients}: queued in ${long.enqueueSeconds} s; by tenths ${long.tenths.join(", ")} /s; worker ${mb.first} to ${mb.last} MB, ${mb.most} at most; ${receipts.count} receipts meanwhile handed over after ${receipts.median} ms, ${receipts.most} at most`,
  );
  const backup = await measureWithBackup(audience);
  say(`newsletters ${inWords(backup)}`);
  const missed = missedBars(races, long, backup);
  say(missed.length === 0 ? "all bars reached" : `MISSED: ${missed.join("; ")}`);
  return { races, long, backup, missed };
}

const { values } = parseArgs({
  options: {
    recipients: { type: "string", default: "100000" },
    rounds: { type: "string", default: "3" },
    out: { type: "string" },
    // One pair alone, such as 20/5 or 0/20/dkim, and not the issue to many; "none": that issue alone.
    race: { type: "string" },
  },
});
// It makes readers, and an issue to each of them.
if (existsSync(join(env.DATA_DIR, "pg"))) throw new Error("DATA_DIR has to be a new folder (npm run bench makes one)");
const cluster = await joinCluster(env.DATA_DIR);
await migrate(cluster.url);
connect(cluster.url);
await openVault();
const times = await measureMail(Number(values.recipients), Number(values.rounds));
if (values.out !== undefined) writeFileSync(values.out, JSON.stringify(times));
await disconnect();
await cluster.leave();
process.exit(0);
