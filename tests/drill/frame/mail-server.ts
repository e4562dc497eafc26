/**
 * The mail server of the drills, a process of its own: it writes each message's id to disk before it answers
 * 250, so that it may be killed at any moment. Usage: node tests/drill/frame/mail-server.ts PORT FILE [MOOD]
 *
 * In the mood "slow" or "moody" it treats messages as bad servers do, by turns, and accepts each at the latest when its
 * text comes for the third time. Where "slow" is silent, it is so for longer than a sender waits; "moody" for a second.
 * "rough" is quick, and treats one message in eleven badly: refused for now at the recipient and after the text, refused for good,
 * hung up before the text and after it.
 *
 * A line of FILE: Message-ID, addresses, and when it came, in milliseconds.
 */

import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { SMTPServer, type SMTPServerSession } from "smtp-server";

export type MailServerMood = "kind" | "slow" | "moody" | "rough";

/** What becomes of a message, by the times its text came before. */
type Treatment = "accept" | "wait" | "busy" | "keep and hang up" | "hang up" | "keep and hang" | "hang";

const [port = "0", path = "", mood = "kind"] = process.argv.slice(2);
const [waitMs, hangMs] = mood === "slow" ? [2000, 600_000] : [300, 1000];
const file = openSync(path, "a");
/** Of each message: its place among a hundred, all of which come by turns, and how often its text came. */
const heard = new Map<string, { place: number; times: number }>();
let [connections, recipients] = [0, 0];
let unsynced: (() => void)[] = [];

/** Many messages share one flush; none is answered before its own. */
function flush(): void {
  const waiting = unsynced;
  unsynced = [];
  fsyncSync(file);
  for (const done of waiting) done();
}

/** Shares of a hundred messages: half are taken at once, of the "rough" nearly all. */
const roughTreatments: [share: number, Treatment[]][] = [
  [2, ["busy"]],
  [2, ["keep and hang up"]],
  [2, ["hang up"]],
];
const treatments: [share: number, Treatment[]][] = [
  [20, ["wait"]],
  [12, ["busy", "busy"]],
  [6, ["keep and hang up"]],
  [6, ["hang up"]],
  [3, ["keep and hang"]],
  [3, ["hang", "busy"]],
];

function treatmentOf(messageId: string): Treatment {
  if (mood === "kind") return "accept";
  const { place, times } = heard.get(messageId) ?? { place: (heard.size * 37) % 100, times: 0 };
  heard.set(messageId, { place, times: times + 1 });
  let below = place;
  for (const [share, list] of mood === "rough" ? roughTreatments : treatments) {
    if (below < share) return list[times] ?? "accept";
    below -= share;
  }
  return "accept";
}

const refusal = (code: number, words: string) => Object.assign(new Error(words), { responseCode: code });

function write(messageId: string, session: SMTPServerSession, done: () => void): void {
  writeSync(file, `${messageId} ${session.envelope.rcptTo.map(({ address }) => address).join(",")} ${Date.now()}\n`);
  if (unsynced.push(done) === 1) setImmediate(flush);
}

async function treat(messageId: string, session: SMTPServerSession, done: (error?: Error) => void): Promise<void> {
  const treatment = treatmentOf(messageId);
  if (treatment === "busy") return done(refusal(451, "4.3.2 busy"));
  if (treatment === "wait") await sleep(waitMs);
  const hangUp = () => void sockets.get(session.remotePort)?.destroy();
  if (treatment === "hang up") return hangUp();
  if (treatment === "hang") return void setTimeout(hangUp, hangMs);
  write(messageId, session, () => {
    if (treatment === "keep and hang up") hangUp();
    else if (treatment === "keep and hang") setTimeout(hangUp, hangMs);
    else done();
  });
}

/** At the recipient, one in twenty. */
function roughly(session: SMTPServerSession, done: (error?: Error) => void): void {
  const turn = recipients++ % 100;
  if (turn === 13) return void sockets.get(session.remotePort)?.destroy();
  const code = ({ 33: 450, 53: 452, 73: 421, 93: 550 } as Record<number, number>)[turn];
  done(code === undefined ? undefined : refusal(code, `${Math.floor(code / 100)}.2.0 not now, or never`));
}

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS", "AUTH"],
  logger: false,
  onConnect(session, done) {
    const turn = mood === "kind" || mood === "rough" ? -1 : connections++ % 10;
    // Says no word of greeting.
    if (turn === 4) return void setTimeout(() => sockets.get(session.remotePort)?.destroy(), hangMs);
    done(turn === 7 ? refusal(421, "4.3.2 too many connections") : undefined);
  },
  onRcptTo(_address, session, done) {
    if (mood === "rough") return roughly(session, done);
    done(mood !== "kind" && recipients++ % 25 === 6 ? refusal(450, "4.2.0 greylisted") : undefined);
  },
  onData(stream, session, done) {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      const messageId = /^Message-ID: (\S+)/imu.exec(Buffer.concat(chunks).toString("latin1"))?.[1] ?? "none";
      void treat(messageId, session, done);
    });
  },
});
const sockets = new Map<number, Socket>();
server.server.on("connection", (socket: Socket) => {
  const from = socket.remotePort ?? 0;
  sockets.set(from, socket);
  socket.on("close", () => sockets.delete(from));
});
server.on("error", () => {});
server.listen(Number(port), "127.0.0.1");
process.on("SIGTERM", () => {
  closeSync(file);
  process.exit(0);
});
