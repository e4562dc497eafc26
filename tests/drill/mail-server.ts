/**
 * The mail server of the drill, a process of its own: it writes each message's id to disk before it answers
 * 250, so that it may be killed at any moment. Usage: node tests/drill/mail-server.ts PORT FILE
 */

import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { SMTPServer } from "smtp-server";

const [port = "0", path = ""] = process.argv.slice(2);
const file = openSync(path, "a");
let unsynced: (() => void)[] = [];

/** Many messages share one flush; none is answered before its own. */
function flush(): void {
  const waiting = unsynced;
  unsynced = [];
  fsyncSync(file);
  for (const done of waiting) done();
}

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS", "AUTH"],
  logger: false,
  onData(stream, session, done) {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      const messageId = /^Message-ID: (\S+)/imu.exec(Buffer.concat(chunks).toString("latin1"))?.[1] ?? "none";
      writeSync(file, `${messageId} ${session.envelope.rcptTo.map(({ address }) => address).join(",")}\n`);
      if (unsynced.push(() => done()) === 1) setImmediate(flush);
    });
  },
});
server.on("error", () => {});
server.listen(Number(port), "127.0.0.1");
process.on("SIGTERM", () => {
  closeSync(file);
  process.exit(0);
});
