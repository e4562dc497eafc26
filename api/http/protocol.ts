/**
 * Responses to malformed requests: broken HTTP, an impossible Host, headers beyond the limit. Node and the
 * adapter would answer these by themselves, without our security headers.
 */

import { type RequestListener, type Server, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { getRequestListener, RequestError } from "@hono/node-server";
import { log, traceOf } from "#db/log.ts";
import { securityHeaders } from "./guard.ts";

/** HTTP status by Node's error code; every other error is a 400. */
const statuses: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Headers and body by RFC 9457. The connection is closed: behind a malformed request no next one can be found. */
function refusal(status: number, more: Record<string, string> = {}) {
  const body = JSON.stringify({ type: "about:blank", title: STATUS_CODES[status], status });
  const headers: Record<string, string> = {
    ...securityHeaders("/"),
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

/** The application as a Node request listener. Throws nothing: what the adapter cannot read is a 400, a bug a 500. */
export const requestListener = (fetch: Parameters<typeof getRequestListener>[0]): RequestListener =>
  getRequestListener(fetch, {
    errorHandler: (error) => {
      const status = error instanceof RequestError ? 400 : 500;
      log("request.unreadable", { status, ...(status === 500 && traceOf(error)) });
      const { headers, body } = refusal(status);
      return new Response(body, { status, headers });
    },
  });

/** Makes this server answer malformed requests with our own responses. */
export function answerUnreadable(server: Server): void {
  // The adapter refuses a missing Host as it does a broken one; Node's own response has no security headers.
  Object.assign(server, { requireHostHeader: false });
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex & { _httpMessage?: ServerResponse }) => {
    // As Node does itself: nothing may be written in the middle of another response.
    // oxlint-disable-next-line no-underscore-dangle -- there is no other way to the answer of a socket
    const isResponding = socket._httpMessage?.headersSent === true;
    if (!socket.writable || isResponding || error.code === "ECONNRESET") socket.destroy();
    else answerOnSocket(socket, statuses[error.code ?? ""] ?? 400);
  });
  server.on("checkExpectation", (_request, response: ServerResponse) => {
    const { headers, body } = refusal(417);
    response.writeHead(417, headers).end(body);
  });
  server.on("connect", (_request, socket: Duplex) => answerOnSocket(socket, 405, { Allow: "GET, HEAD, POST" }));
}
