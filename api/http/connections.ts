/** What one connection, and all of them together, may cost before anybody has shown who they are. */

import type { RequestListener, Server } from "node:http";
import type { Socket } from "node:net";
import { log } from "#db/log.ts";

/**
 * Connections of one process. Each may hold an answer that is not read, about 100 KB for a page, and a
 * file descriptor, of which many systems give a process 1,024. Behind a proxy a few dozen are in use.
 */
export const maxConnections = 1000;

/**
 * Milliseconds in which something must move on a connection that waits for an answer or is sent one.
 * Longer than anything of ours takes to answer, and than a phone in a tunnel.
 */
export const writeTimeoutMs = 120_000;

/**
 * Requests that wait on a connection for their turn. Browsers and proxies send one and wait; each that
 * waits costs a few kilobytes. Who sends more is cut off and may ask again (RFC 9112, 9.3.2).
 */
export const maxPipelined = 64;

/** Limits the connections of a server, and says in the log, once a minute at most, that there are too many. */
export function limitConnections(server: Server): void {
  server.maxConnections = maxConnections;
  server.timeout = writeTimeoutMs;
  let saidAt = 0;
  server.on("drop", () => {
    if (Date.now() - saidAt < 60_000) return;
    saidAt = Date.now();
    log("connections.full", { limit: maxConnections });
  });
}

/**
 * Answers the requests of a connection one by one: the next begins when the one before has left this
 * process, so that a client which asks and never reads makes us hold one answer, not all of them.
 * Between two, other connections have their turn.
 */
export function oneRequestAtATime(listener: RequestListener): RequestListener {
  const queues = new WeakMap<Socket, (() => void)[]>();
  return (request, response) => {
    const { socket } = request;
    // Node reads on to the end of what it was given, also behind the request that ended the connection.
    if (socket.destroyed) return;
    const queue = queues.get(socket);
    const start = () => {
      response.once("close", () => setImmediate(next, socket));
      void listener(request, response);
    };
    if (queue === undefined) {
      queues.set(socket, []);
      start();
    } else if (queue.length < maxPipelined) queue.push(start);
    else socket.destroy();
  };

  function next(socket: Socket): void {
    const start = queues.get(socket)?.shift();
    if (start === undefined || socket.destroyed) queues.delete(socket);
    else start();
  }
}
