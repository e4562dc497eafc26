/**
 * The mail server of the bench, a process of its own that does as little as it can: it accepts everything, each reply so many
 * milliseconds after its command (as over a network: commands sent together are answered together). Started with `fork` and
 * the milliseconds; it sends its port, takes a number of messages, and sends the seconds from the first to the last of each such number.
 */

import { type AddressInfo, createServer, type Socket } from "node:net";

const delayMs = Number(process.argv[2] ?? 0);
/** The number to wait for again and again, how many of these are still to come, and the time of the first. */
let [every, left, first] = [0, 0, 0];

function accepted(): void {
  const now = performance.now();
  if (first === 0) first = now;
  if (--left > 0) return;
  if (left === 0) process.send?.({ seconds: (now - first) / 1000 });
  [left, first] = [every, 0];
}

function answer(socket: Socket, line: string): void {
  if (delayMs === 0) socket.write(line);
  else setTimeout(() => socket.write(line), delayMs);
}

const replies: Record<string, string> = {
  EHLO: "250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n",
  DATA: "354 go on\r\n",
  QUIT: "221 bye\r\n",
};

const server = createServer((socket) => {
  let [pending, isText] = ["", false];
  socket.setNoDelay(true);
  socket.on("error", () => {});
  answer(socket, "220 sink\r\n");
  socket.on("data", (chunk) => {
    pending += chunk.toString("latin1");
    for (;;) {
      const end = isText ? pending.indexOf("\r\n.\r\n") : pending.indexOf("\r\n");
      if (end < 0) {
        // Only the end of a text can still become its last line.
        if (isText) pending = pending.slice(-4);
        return;
      }
      const command = pending.slice(0, 4).toUpperCase();
      pending = pending.slice(end + (isText ? 5 : 2));
      if (isText) {
        isText = false;
        accepted();
        answer(socket, "250 2.0.0 Ok\r\n");
      } else {
        isText = command === "DATA";
        answer(socket, replies[command] ?? "250 2.0.0 Ok\r\n");
      }
    }
  });
});
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on("message", (count: number) => ([every, left, first] = [count, count, 0]));
process.on("disconnect", () => process.exit(0));
