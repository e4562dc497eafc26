import { randomUUID } from "node:crypto";
import { Agent, createServer, type IncomingHttpHeaders, request as httpRequest, type Server } from "node:http";
import { connect, type Socket } from "node:net";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "#api/app.ts";
import { installStarter } from "#api/content-files/install.ts";
import { maxPipelined } from "#api/http/connections.ts";
import { answerUnreadable, requestListener } from "#api/http/protocol.ts";
import { loadSite, peek, type Site, warmUp } from "#api/pages/site.ts";
import { loadPublished } from "#api/published/store.ts";
import { createWebServer } from "#api/web/server.ts";
import { tokenForId } from "#db/vault/tokens.ts";

let site: Site;
/** The server as it is, and one on which the Hono application answers everything. */
let server: Server;
let plain: Server;
/** Requests that the listener left to the application. */
let passedOn = 0;
const portOf = (one: Server) => (one.address() as { port: number }).port;
const listen = (one: Server) => new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve));

beforeAll(async () => {
  await installStarter();
  await loadPublished();
  site = await loadSite();
  await warmUp(site);
  const app = createApp(site);
  server = createWebServer(site, (request, env) => {
    passedOn++;
    return app.fetch(request, env);
  });
  plain = createServer({ keepAliveTimeout: 5000 }, requestListener(app.fetch));
  answerUnreadable(plain);
  await Promise.all([server, plain].map(listen));
});
afterAll(async () => {
  for (const one of [server, plain]) {
    const closed = new Promise((resolve) => one.close(resolve));
    one.closeAllConnections();
    await closed;
  }
});

interface Raw {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

function fetchRaw(one: Server, path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Raw> {
  // A connection of its own: one that the application once had stays with it.
  const agent = new Agent({ keepAlive: true });
  return new Promise((resolve, reject) => {
    const options = {
      agent,
      port: portOf(one),
      host: "127.0.0.1",
      path,
      method,
      headers: { connection: "keep-alive", ...headers },
    };
    const asked = httpRequest(options, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("end", () => {
        agent.destroy();
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts) });
      });
    });
    asked.on("error", reject);
    asked.end();
  });
}

const openers: Record<string, (body: Buffer) => Buffer> = { br: brotliDecompressSync, gzip: gunzipSync };

/** An answer without what differs each time: the request's id, the second, and the key of a form. */
function told({ status, headers, body }: Raw) {
  const open = openers[headers["content-encoding"] ?? ""] ?? ((same: Buffer) => same);
  const { "x-request-id": id, date, "content-length": length, ...rest } = headers;
  if (length !== undefined && body.length > 0) expect(Number(length)).toBe(body.length);
  expect(id).toMatch(/^[\da-f-]{36}$/u);
  expect(Date.now() - Date.parse(date ?? "")).toBeLessThan(60_000);
  const text = body.length === 0 ? "" : open(body).toString("latin1");
  // Keys are random, and what is random compresses a byte better or worse.
  const isOwn = text.includes('name="key"');
  return {
    status,
    headers: rest,
    length: isOwn ? undefined : length,
    text: text.replaceAll(/(name="key" value=")[\w-]{25}"/gu, '$1key"'),
  };
}

/** Asks both servers, expects one answer, and says whether the listener gave it. */
async function askBoth(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<boolean> {
  const before = passedOn;
  const listeners = told(await fetchRaw(server, path, headers, method));
  const isListeners = passedOn === before;
  expect([path, headers, listeners]).toEqual([path, headers, told(await fetchRaw(plain, path, headers, method))]);
  return isListeners;
}

test("every page and file, in every encoding, known or not, with a token or without: as the application answers", async () => {
  const token = tokenForId("click", randomUUID());
  const forged = `${token.slice(0, -3)}AAA`;
  for (const path of [
    ...site.files.keys(),
    ...site.keys.filter((key) => key.startsWith("/") && peek(site, key) !== undefined),
  ]) {
    const etag = peek(site, path)?.etag ?? "";
    const carrying = `${path}${path.includes("?") ? "&" : "?"}c=`;
    for (const encoding of ["br", "identity", "gzip, deflate, br, zstd", "br;q=0, gzip", "br;q=0.5, gzip;q=0.8"])
      for (const known of [undefined, `"x", ${etag.slice(2)}`, "*", '"x"'])
        for (const url of [path, `${carrying}${token}`, `${carrying}${forged}`]) {
          const headers = { "accept-encoding": encoding, ...(known !== undefined && { "if-none-match": known }) };
          expect([url, await askBoth(url, headers)]).toEqual([url, true]);
        }
    expect(await askBoth(path, {}, "HEAD")).toBe(true);
  }
});

test.each([
  ["/consultation/", false],
  ["/?furigana", true],
  ["/nothing", false],
  ["/404", false],
  ["//", false],
  ["/consultation//", false],
  ["/consultation%20", false],
  ["/?", true],
  ["/?c=", true],
  ["/?c=short", true],
  ["/?x=1", true],
  ["/?headline=school", true],
  ["/staff", false],
  ["/staff/sign-in", false],
  ["/api/openapi.json", false],
  ["/../privacy", false],
  ["/./privacy", false],
])("%s is answered by the listener: %s, and alike", async (path, isListeners) => {
  expect(await askBoth(path, { "accept-encoding": "br" })).toBe(isListeners);
});

test("an advertisement's landing leaves a click and carries its token", async () => {
  const before = passedOn;
  const browser = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" };
  const { status, body } = await fetchRaw(server, "/?gid=1&mt=e", browser);
  expect([status, passedOn]).toEqual([200, before]);
  expect(body.toString()).toMatch(/href="\/[^"]*\?c=[\w-]{43}/u);
});

test.each([
  [{}, "DELETE", false],
  [{ connection: "close" }, "GET", true],
  [{ range: "bytes=0-1" }, "GET", true],
  [{ expect: "100-continue" }, "GET", true],
  [{ "content-length": "0" }, "GET", false],
  [{ "x-name": "caf\u00e9" }, "GET", true],
] as const)("%j %s is answered by the listener: %s, and alike", async (headers, method, isListeners) => {
  expect(await askBoth("/", headers, method)).toBe(isListeners);
});

test("headers that browsers send beside do not matter", async () => {
  const headers = {
    "user-agent": "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36",
    accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
    "accept-language": "ja,en;q=0.5",
    "accept-encoding": "gzip, deflate, br, zstd",
    "sec-fetch-mode": "navigate",
    "upgrade-insecure-requests": "1",
    cookie: "a=b; c=d",
    "if-modified-since": "Fri, 20 Nov 2026 00:00:00 GMT",
    "x-forwarded-for": "192.0.2.1",
  };
  expect(await askBoth("/", headers)).toBe(true);
});

/** A connection spoken by hand: resolves with everything heard until it ends or `enough` says so. */
function speak(one: Server, pieces: string[], enough: (heard: string) => boolean = () => false): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = "";
    const socket: Socket = connect({ port: portOf(one), host: "127.0.0.1" });
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      heard += text;
      const next = pieces.shift();
      if (next !== undefined) socket.write(next, "latin1");
      else if (enough(heard)) socket.destroy();
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(heard));
    socket.on("connect", () => socket.write(pieces.shift() ?? "", "latin1"));
  });
}

const statuses = (heard: string) => [...heard.matchAll(/HTTP\/1\.1 (\d{3}) /gu)].map(([, status]) => Number(status));
const ask = (path: string, more = "", method = "GET") => `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;
const json = (body: string) =>
  ask("/api/consultations", `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`, "POST") + body;
const farewell = ask("/healthz", "Connection: close\r\n");

describe("one connection", () => {
  test("carries files and pages, then an interface, then pages again", async () => {
    const pieces = [
      ask("/icon.svg"),
      ask("/privacy", "If-None-Match: *\r\n"),
      json('{"message":"a","reply_by":"none","consent":true}'),
      ask("/icon.svg"),
      farewell,
    ];
    expect(statuses(await speak(server, pieces))).toEqual([200, 304, 201, 200, 200]);
  });

  test("with several requests in one piece answers all, in order", async () => {
    const pieces = [ask("/icon.svg") + ask("/nothing") + ask("/robots.txt") + json("{}") + farewell];
    expect(statuses(await speak(server, pieces))).toEqual([200, 404, 200, 422, 200]);
  });

  test("whose request comes letter by letter is heard out", async () => {
    const before = passedOn;
    const whole = ask("/icon.svg", "Connection: close\r\n");
    const heard = await new Promise<string>((resolve, reject) => {
      let text = "";
      const socket = connect({ port: portOf(server), host: "127.0.0.1", noDelay: true }, async () => {
        for (const letter of whole) await new Promise((sent) => socket.write(letter, sent));
      });
      socket.on("data", (chunk) => (text += chunk.toString("latin1")));
      socket.on("close", () => resolve(text)).on("error", reject);
    });
    expect([statuses(heard), passedOn]).toEqual([[200], before]);
  });

  test.each([
    ["a body behind a GET", `${ask("/icon.svg", "Content-Length: 3\r\n")}abc${farewell}`],
    ["chunks behind a GET", `${ask("/icon.svg", "Transfer-Encoding: chunked\r\n")}3\r\nabc\r\n0\r\n\r\n${farewell}`],
    ["two lengths", ask("/icon.svg", "Content-Length: 3\r\nContent-Length: 4\r\n")],
    ["a length and chunks", ask("/icon.svg", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")],
    ["a length with a space before the colon", ask("/icon.svg", "Content-Length : 3\r\n")],
    ["a header folded", ask("/icon.svg", "X: a\r\n b\r\n")],
    ["bare line feeds", `GET /icon.svg HTTP/1.1\nHost: localhost\n\n${farewell}`],
    ["no host", "GET /icon.svg HTTP/1.1\r\nAccept: */*\r\n\r\n"],
    ["two hosts", ask("/icon.svg", "Host: other\r\nConnection: close\r\n")],
    ["an older protocol", "GET /icon.svg HTTP/1.0\r\nHost: localhost\r\n\r\n"],
    ["a whole URL", `GET http://localhost/icon.svg HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`],
    ["nonsense", "\u0016\u0003\u0001\r\n\r\n"],
  ])("with %s is answered as the application alone answers", async (_, request) => {
    const [there, here] = [await speak(plain, [request]), await speak(server, [request])];
    // The application writes its headers in another order, and in small letters.
    const lasting = (heard: string) =>
      heard
        .replaceAll(/(?:X-Request-Id|Date): [^\r]*\r\n/giu, "")
        .replaceAll(/^[\w-]+(?=: )/gmu, (name) => name.toLowerCase())
        .split("\r\n")
        .toSorted();
    expect(lasting(here)).toEqual(lasting(there));
    expect(statuses(here)[0]).toBeDefined();
  });

  test("that asks and asks without reading gets everything in the end, as long as it asks for no more than is kept", async () => {
    const count = maxPipelined;
    const size = peek(site, "/")?.bodies.br.length ?? 0;
    let heard = 0;
    let answers = 0;
    await new Promise<void>((resolve, reject) => {
      const socket = connect({ port: portOf(server), host: "127.0.0.1", noDelay: true }, async () => {
        socket.pause();
        for (let i = 0; i < count; i++)
          await new Promise((sent) => socket.write(ask("/", "Accept-Encoding: br\r\n"), sent));
        socket.resume();
        socket.write(farewell);
      });
      socket.on("data", (chunk) => {
        heard += chunk.length;
        answers += statuses(chunk.toString("latin1")).length;
      });
      socket.on("close", () => resolve()).on("error", reject);
    });
    expect(heard).toBeGreaterThan(count * size);
    expect(answers).toBeGreaterThan(0);
  });
});

test("closing the server lets resting connections go", async () => {
  const closing = createWebServer(site, () => new Response());
  await listen(closing);
  const socket = connect({ port: portOf(closing), host: "127.0.0.1" });
  const gone = new Promise((resolve) => socket.on("close", resolve));
  await new Promise<void>((resolve) => {
    socket.once("data", () => resolve());
    socket.write(ask("/icon.svg"));
  });
  const closed = new Promise((resolve) => closing.close(resolve));
  await Promise.all([gone, closed]);
  expect(closing.listening).toBe(false);
});
