/** What is no request we can read is answered as everything else: with a status, and with our headers. */

import { connect } from "node:net";
import { afterAll, expect, test } from "vitest";
import { createApp } from "#api/app.ts";
import { securityHeaders } from "#api/http/guard.ts";
import { loadSite } from "#api/pages/site.ts";
import { createWebServer } from "#api/web/server.ts";

const site = await loadSite();
// A client that closes its half is not waited for while a page is rendered for the first time.
for (const key of ["404", "/about"]) await site.pages.get(key);
const server = createWebServer(site, createApp(site).fetch);
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** All that is heard on a connection over which these bytes were sent. */
function speak(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = "";
    const { port } = server.address() as { port: number };
    const socket = connect({ port, host: "127.0.0.1" }, () => socket.end(text, "latin1"));
    socket.on("data", (chunk: Buffer) => (heard += chunk.toString("latin1")));
    socket.on("error", reject).on("close", () => resolve(heard));
  });
}

const end = "Connection: close\r\n\r\n";
const host = `Host: localhost\r\n${end}`;

test.each([
  ["a host that can be none", 400, `GET /about HTTP/1.1\r\nHost: a b\r\n${end}`],
  ["a host with a path", 400, `GET /about HTTP/1.1\r\nHost: localhost/x?\r\n${end}`],
  ["a host with somebody's name", 400, `GET /nothing HTTP/1.1\r\nHost: hana@localhost\r\n${end}`],
  ["no host", 400, `GET /about HTTP/1.1\r\n${end}`],
  ["a method that is none", 400, `SING /about HTTP/1.1\r\n${host}`],
  ["no HTTP at all", 400, "\u0016\u0003\u0001\r\n\r\n"],
  ["two lengths", 400, `POST /about HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n${host}`],
  ["headers without end", 431, `GET /about HTTP/1.1\r\nX: ${"a".repeat(20_000)}\r\n${host}`],
  ["an address without end", 431, `GET /${"a".repeat(20_000)} HTTP/1.1\r\n${host}`],
  ["an expectation", 417, `GET /about HTTP/1.1\r\nExpect: a miracle\r\n${host}`],
  ["a tunnel", 405, `CONNECT example.jp:443 HTTP/1.1\r\n${host}`],
  ["the address *", 400, `OPTIONS * HTTP/1.1\r\n${host}`],
  ["an address of another kind", 400, `GET ftp://localhost/ HTTP/1.1\r\n${host}`],
  ["an address without a slash", 400, `GET about HTTP/1.1\r\n${host}`],
  ["a backslash", 400, `GET /a\\b HTTP/1.1\r\n${host}`],
  ["two slashes", 404, `GET // HTTP/1.1\r\n${host}`],
  ["another host in the path", 404, `GET //example.jp/about HTTP/1.1\r\n${host}`],
  ["a whole URL", 200, `GET http://localhost/about HTTP/1.1\r\n${host}`],
  ["a whole URL of nothing here", 404, `GET http://localhost/nothing HTTP/1.1\r\n${host}`],
])("%s: %i, with our headers", async (_, status, request) => {
  const [head = "", ...body] = (await speak(request)).split("\r\n\r\n");
  const [first = "", ...lines] = head.split("\r\n");
  expect(first).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [A-Z]`, "u"));
  const headers = new Headers(lines.map((line) => line.split(/: (.*)/su).slice(0, 2) as [string, string]));
  const { "Content-Security-Policy": _policy, ...rest } = securityHeaders("/");
  for (const [name, value] of Object.entries(rest)) expect([name, headers.get(name)]).toEqual([name, value]);
  expect(headers.get("content-security-policy")).toMatch(/default-src 'none'.*frame-ancestors 'none'/u);
  if (headers.get("content-type") !== "application/problem+json") return expect([200, 404]).toContain(status);
  expect([headers.get("cache-control"), headers.get("connection")]).toEqual(["no-store", "close"]);
  expect(JSON.parse(body.join(""))).toMatchObject({ type: "about:blank", status });
});
