/** The stored pages and files on node:http itself, before the Hono application, which answers everything else. */

import { randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { readQuery } from "#analytics/clicks/query.ts";
import { addressOf, networkOf } from "#api/http/network.ts";
import { logRequest } from "#api/http/request-log.ts";
import { variantKey } from "#api/pages/keys.ts";
import { peek, type Site } from "#api/pages/site.ts";
import type { Snapshot } from "#api/pages/snapshot.ts";
import { type Answer, answerWith } from "./answers.ts";
import { clickToken } from "./click-token.ts";

/** A host as browsers write it; whatever else stands there is for the application to refuse. */
const plainHost = /^[\w.-]+(?::\d+)?$|^\[[\da-f:]+\](?::\d+)?$/iu;

/** Answers GET and HEAD for pages and files that are in memory and true now. */
export function pageListener(site: Site, application: RequestListener): RequestListener {
  return (request, response) => {
    const started = performance.now();
    const { method, url = "", headers } = request;
    const hasBody = headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined;
    if ((method !== "GET" && method !== "HEAD") || hasBody || !plainHost.test(headers.host ?? ""))
      return application(request, response);
    const at = url.indexOf("?");
    const send = (snapshot: Snapshot, token?: string) => {
      const answer = answerWith(snapshot, {
        ...{ token, acceptEncoding: headers["accept-encoding"]?.toString() },
        ifNoneMatch: headers["if-none-match"],
      });
      write(request, response, answer, started);
    };
    if (at < 0) {
      const snapshot = peek(site, url);
      return snapshot ? send(snapshot) : application(request, response);
    }
    const path = url.slice(0, at);
    const query = readQuery(url.slice(at + 1));
    const snapshot = peek(site, variantKey(path, query));
    if (!snapshot) return application(request, response);
    const network = () =>
      networkOf(addressOf(request.socket.remoteAddress ?? "", headers["x-forwarded-for"]?.toString()));
    const header = (name: string) => headers[name]?.toString();
    const token = snapshot.personalisable && clickToken({ method, path, query, header, network });
    if (!(token instanceof Promise)) return send(snapshot, token);
    void token.then((fresh) => send(snapshot, fresh));
  };
}

function write(request: IncomingMessage, response: ServerResponse, answer: Answer, started: number): void {
  const requestId = randomUUID();
  const { status, headers, body } = answer;
  const length = body === undefined ? [] : ["Content-Length", String(body.length)];
  response.writeHead(status, [...headers, ...length, "X-Request-Id", requestId]);
  response.end(body);
  logRequest({ requestId, method: request.method ?? "", route: "/*", status, started });
}
