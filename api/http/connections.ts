/** Limits on connections: their number, the write timeout, and back-pressure on pipelined requests. */

import type { RequestListener, Server } from "node:http";
import type { Socket } from "node:net";
import { log } from "#db/log.ts";

/**
 * Connections of one process. Each may hold a response that the client does not read, about 100 KB for a
 * page, and a file descriptor, of which many systems allow a process 1,024. Behind a proxy a few dozen are
 * in use.
 */
export const maxConnections = 1000;

/**
 * Socket timeout in milliseconds: a connection on which nothing is sent or received for so long is closed.
 * Longer than our slowest response takes, and than a phone is without signal in a tunnel.
 */
export const writeTimeoutMs = 120_000;

/**
 * Pipelined requests that may be queued on one connection, a few kilobytes each. Browsers and proxies send
 * one and wait. With more, the connection is closed; the client may send them again (RFC 9112, 9.3.2).
 */
export const maxPipelined = 64;

/** Limits the connections of a server; logs at most once a minute that the limit was reached. */
export function limitConnections(server: Server): void {
  server.maxConnections = maxConnections;
  server.timeout = writeTimeoutMs;
  let loggedAt = 0;
  server.on("drop", () => {
    if (Date.now() - loggedAt < 60_000) return;
    loggedAt = Date.now();
    log("connections.full", { limit: maxConnections });
  });
}

/**
 * Back-pressure for pipelined requests: a connection's next request starts when the response before it has
 * been sent, so that a client which never reads makes us hold one response, not all of them. Between two
 * requests the event loop serves other connections.
 */
export function oneRequestAtATime(listener: RequestListener): RequestListener {
  const queues = new WeakMap<Socket, RequestQueue>();
  return (request, response) => {
    const { socket } = request;
    // Node parses all bytes it has received, also those behind the request that closed the connection.
    if (socket.destroyed) return;
    let queue = queues.get(socket);
    if (queue === undefined) queues.set(socket, (queue = new RequestQueue(socket, listener)));
    queue.take(request, response);
  };
}

/** The requests of one connection. */
class RequestQueue {
  #isBusy = false;
  #waiting: Parameters<RequestListener>[] = [];
  readonly #socket: Socket;
  readonly #listener: RequestListener;

  constructor(socket: Socket, listener: RequestListener) {
    this.#socket = socket;
    this.#listener = listener;
  }

  take(...request: Parameters<RequestListener>): void {
    if (!this.#isBusy) this.#start(request);
    else if (this.#waiting.length < maxPipelined) this.#waiting.push(request);
    else this.#socket.destroy();
  }

  #start([request, response]: Parameters<RequestListener>): void {
    this.#isBusy = true;
    response.once("close", this.#next);
    void this.#listener(request, response);
  }

  #next = (): void => {
    if (this.#waiting.length > 0) setImmediate(this.#startNext);
    else this.#isBusy = false;
  };

  #startNext = (): void => {
    const request = this.#waiting.shift();
    if (request && !this.#socket.destroyed) this.#start(request);
  };
}
