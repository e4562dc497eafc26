/**
 * What is answered to what is no request we can read: broken HTTP, a host that can be none, headers
 * without end. Node and the adapter answer these by themselves, without the headers that every other
 * answer of ours carries.
 */

import { type RequestListener, type Server, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { getRequestListener, RequestError } from "@hono/node-server";
import { log, traceOf } from "#db/log.ts";
import { protection } from "./guard.ts";

/** By Node's code of the error; everything else is a 400. */
const statuses: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** RFC 9457, with the connection closed: where one request could not be read, the next begins nowhere. */
function refusal(status: number, more: Record<string, string> = {}) {
  const body = JSON.stringify({ type: "about:blank", title: STATUS_CODES[status], status });
  const headers: Record<string, string> = {
    ...protection("/"),
    "Cache-Control": "no-store",
    "Content-Type": "application/problem+json",
    "Content-Length": String(body.length),
    Connection: "close",
    ...more,
  };
  return { headers, body };
}

function answerOnSocket(socket: Duplex, status: number, more?: Record<string, string>): void {
  const { headers, body } = refusal(status, { Date: new Date().toUTCString(), ...more });
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  log("request.unreadable", { status });
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("\r\n")}\r\n\r\n${body}`);
}

/** The application as Node calls it. Throws nothing: what the adapter cannot read is a 400, a bug a 500. */
export const requestListener = (fetch: Parameters<typeof getRequestListener>[0]): RequestListener =>
  getRequestListener(fetch, {
    errorHandler: (error) => {
      const status = error instanceof RequestError ? 400 : 500;
      log("request.unreadable", { status, ...(status === 500 && traceOf(error)) });
      const { headers, body } = refusal(status);
      return new Response(body, { status, headers });
    },
  });

/** Lets this server answer what it cannot read as everything else is answered. */
export function answerUnreadable(server: Server): void {
  // The adapter refuses a missing host as it does a broken one; Node's own answer would be bare.
  Object.assign(server, { requireHostHeader: false });
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex & { _httpMessage?: ServerResponse }) => {
    // Node's own rule: nothing may be said in the middle of another answer.
    // oxlint-disable-next-line no-underscore-dangle -- there is no other way to the answer of a socket
    const isAnswering = socket._httpMessage?.headersSent === true;
    if (!socket.writable || isAnswering || error.code === "ECONNRESET") socket.destroy();
    else answerOnSocket(socket, statuses[error.code ?? ""] ?? 400);
  });
  server.on("checkExpectation", (_request, response: ServerResponse) => {
    const { headers, body } = refusal(417);
    response.writeHead(417, headers).end(body);
  });
  server.on("connect", (_request, socket: Duplex) => answerOnSocket(socket, 405, { Allow: "GET, HEAD, POST" }));
}
