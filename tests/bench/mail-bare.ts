/**
 * What newsletters are compared with: nodemailer's own pool in a process that does nothing else, with one letter and as many
 * addresses as there are messages. Started with `fork`; it takes what to send where, and sends the seconds of CPU time it took.
 */

import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { createTransport } from "nodemailer";
import type { MailContent } from "#emails/templates/mail-content.ts";

/** What the parent sends once, and then the number of messages for each round. */
interface Job {
  port: number;
  connections: number;
  keyFile: string | undefined;
  headerFieldNames: string;
  content: MailContent;
}

let job: Job | undefined;
let transport: ReturnType<typeof open> | undefined;

const open = ({ port, connections, keyFile, headerFieldNames }: Job) =>
  createTransport({
    url: `smtp://127.0.0.1:${port}`,
    pool: true,
    maxConnections: connections,
    maxMessages: 1000,
    ...(keyFile !== undefined && {
      dkim: {
        ...{ domainName: "example.jp", keySelector: "k1", headerFieldNames },
        privateKey: createPrivateKey(readFileSync(keyFile)),
      },
    }),
  });

async function run(count: number): Promise<void> {
  if (!job || !transport) throw new Error("first the job, then the rounds");
  const { content, connections } = job;
  const before = process.cpuUsage();
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const n = next++;
      await transport?.sendMail({
        from: { name: "ほしのこみち（見本）", address: "soudan@example.jp" },
        to: { name: "", address: `reader${n}@example.jp` },
        messageId: `<${n}.${performance.now()}@example.jp>`,
        ...content,
        headers: { ...content.headers },
      });
    }
  };
  // Twice as many as connections: the pool always has the next one at hand.
  await Promise.all(Array.from({ length: connections * 2 }, lane));
  const { user, system } = process.cpuUsage(before);
  process.send?.({ cpu: (user + system) / 1e6 });
}

process.on("message", (message: Job | number) => {
  if (typeof message === "number") return void run(message);
  job = message;
  transport = open(message);
  process.send?.({ isReady: true });
});
process.on("disconnect", () => process.exit(0));
