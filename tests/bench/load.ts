/** A small HTTP/1.1 client for load: one kept-alive socket a lane, so that the server is what is measured. */

import { connect, type Socket } from "node:net";

export interface Answer {
  status: number;
  body: string;
}

/** One connection that asks one thing at a time. */
export class Lane {
  #socket: Socket | undefined;
  #port: number;
  #buffered: Buffer = Buffer.alloc(0);
  #settle: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  /** Sends a whole request and resolves with the whole answer; rejects when the connection dies. */
  ask(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#open().write(request);
    });
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  #open(): Socket {
    if (this.#socket && !this.#socket.destroyed) return this.#socket;
    const socket = connect({ port: this.#port, host: "127.0.0.1", noDelay: true });
    const fail = (error: Error) => {
      if (this.#socket === socket) this.#socket = undefined;
      this.#buffered = Buffer.alloc(0);
      this.#settle?.reject(error);
      this.#settle = undefined;
    };
    socket.on("data", (chunk) => this.#take(chunk));
    socket.on("error", fail);
    socket.on("close", () => fail(new Error("connection closed")));
    // A server that is killed may leave a half-open socket; nothing takes this long.
    socket.setTimeout(15_000, () => socket.destroy(new Error("no answer")));
    this.#socket = socket;
    return socket;
  }

  #take(chunk: Buffer): void {
    this.#buffered = this.#buffered.length === 0 ? chunk : Buffer.concat([this.#buffered, chunk]);
    const end = this.#buffered.indexOf("\r\n\r\n");
    if (end < 0) return;
    const head = this.#buffered.toString("latin1", 0, end);
    const length = this.#lengthOfBody(head, end + 4);
    if (length === undefined || this.#buffered.length < end + 4 + length) return;
    const body = this.#buffered.toString("utf8", end + 4, end + 4 + length);
    this.#buffered = this.#buffered.subarray(end + 4 + length);
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.resolve({ status: Number(head.slice(9, 12)), body });
  }

  /** In bytes, of a chunked body with its chunk lines; undefined until its end has come. */
  #lengthOfBody(head: string, from: number): number | undefined {
    if (!/\r\ntransfer-encoding: chunked/iu.test(head))
      return Number(/\r\ncontent-length: (\d+)/iu.exec(head)?.[1] ?? 0);
    const last = this.#buffered.indexOf("\r\n0\r\n\r\n", from - 2);
    return last < 0 ? undefined : last + 7 - from;
  }
}

/** The text of one JSON intake request, as from a network of its own. */
export function intakeRequest(key: string, message: string, network: string): string {
  const body = JSON.stringify({
    message,
    reply_by: "email",
    email: `load-${key}@example.jp`,
    topics: ["schooling"],
    consent: true,
  });
  const head = [
    "POST /api/consultations HTTP/1.1",
    "Host: localhost",
    "Content-Type: application/json",
    `X-Forwarded-For: ${network}`,
    `Idempotency-Key: ${key}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}

export interface Measured {
  perSecond: number;
  p50: number;
  p99: number;
  count: number;
}

/** Runs `lanes` loops of `once` for `seconds`, after a second of warming up. Milliseconds. */
export async function measure(
  lanes: number,
  seconds: number,
  once: (lane: number) => Promise<void>,
): Promise<Measured> {
  const times: number[] = [];
  const start = performance.now() + 1000;
  const end = start + seconds * 1000;
  const run = async (lane: number) => {
    for (let now = performance.now(); now < end; now = performance.now()) {
      await once(lane);
      if (now >= start) times.push(performance.now() - now);
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, lane) => run(lane)));
  times.sort((a, b) => a - b);
  const at = (share: number) => Math.round((times[Math.floor(times.length * share)] ?? 0) * 10) / 10;
  return { perSecond: Math.round(times.length / seconds), p50: at(0.5), p99: at(0.99), count: times.length };
}
