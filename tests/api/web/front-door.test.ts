import { randomUUID } from "node:crypto";
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  request as httpRequest,
  type RequestListener,
  type Server,
} from "node:http";
import { connect, type Socket } from "node:net";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "#api/app.ts";
import { maxPipelined } from "#api/http/connections.ts";
import { answerUnreadable, requestListener } from "#api/http/protocol.ts";
import { Front, plainRequest, telling } from "#api/web/front.ts";
import { loadSite, type Site } from "#api/web/pages.ts";
import { tokenForId } from "#db/vault/tokens.ts";
import { backtracksTooMuch } from "../../backtracking.ts";

let site: Site;
let front: Server;
let plain: Server;
/** Requests that the door did not answer itself. */
let passedOn = 0;
const portOf = (server: Server) => (server.address() as { port: number }).port;
const listen = (server: Server) => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

beforeAll(async () => {
  site = await loadSite();
  await site.settled;
  const behind = requestListener(createApp(site).fetch);
  const counted: RequestListener = (request, response) => {
    passedOn++;
    void behind(request, response);
  };
  front = new Front(site, counted);
  plain = createServer({ keepAliveTimeout: 5000 }, behind);
  answerUnreadable(plain);
  await Promise.all([front, plain].map(listen));
});
afterAll(async () => {
  for (const server of [front, plain]) {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }
});

interface Raw {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

function fetchRaw(server: Server, path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Raw> {
  // A connection of its own: one that the application once had stays with it.
  const agent = new Agent({ keepAlive: true });
  return new Promise((resolve, reject) => {
    const options = {
      agent,
      port: portOf(server),
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

/** Asks both ways, expects one answer, and says whether the door gave it. */
async function askBoth(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<boolean> {
  const before = passedOn;
  const atDoor = told(await fetchRaw(front, path, headers, method));
  const isDoors = passedOn === before;
  expect([path, headers, atDoor]).toEqual([path, headers, told(await fetchRaw(plain, path, headers, method))]);
  return isDoors;
}

test("every file, in every encoding, known or not, with a token or without: the door answers as the application does", async () => {
  const token = tokenForId("click", randomUUID());
  const forged = `${token.slice(0, -3)}AAA`;
  for (const [path, file] of site.files) {
    if (!path.startsWith("/")) continue;
    const { etag } = file.faceAt(site.now());
    const carrying = `${path}${path.includes("?") ? "&" : "?"}c=`;
    for (const encoding of ["br", "identity", "gzip, deflate, br, zstd", "br;q=0, gzip"])
      for (const known of [undefined, `"x", ${etag.slice(2)}`, "*", '"x"'])
        for (const url of [path, `${carrying}${token}`, `${carrying}${forged}`]) {
          const headers = { "accept-encoding": encoding, ...(known !== undefined && { "if-none-match": known }) };
          expect([url, await askBoth(url, headers)]).toEqual([url, true]);
        }
    expect(await askBoth(path)).toBe(true);
  }
});

test.each([
  ["/consultation/", true],
  ["/?furigana", true],
  ["/nothing", false],
  ["/landing/school", false],
  ["//", false],
  ["/consultation//", false],
  ["/consultation%20", false],
  ["/?", true],
  ["/?c=", false],
  ["/?c=short", false],
  ["/?x=1", false],
  ["/staff", false],
  ["/staff/sign-in", false],
  ["/api/openapi.json", false],
  ["/../privacy", false],
  ["/./privacy", false],
])("%s is answered at the door: %s, and alike", async (path, isDoors) => {
  expect(await askBoth(path, { "accept-encoding": "br" })).toBe(isDoors);
});

test("an advertisement's landing is left to the application, which gives it a token", async () => {
  const before = passedOn;
  const { status, body } = await fetchRaw(front, "/?gid=1&mt=e");
  expect([status, passedOn]).toEqual([200, before + 1]);
  expect(body.toString()).toMatch(/href="\/[^"]*\?c=[\w-]{43}/u);
});

test.each([
  [{}, "HEAD"],
  [{}, "DELETE"],
  [{ connection: "close" }, "GET"],
  [{ range: "bytes=0-1" }, "GET"],
  [{ expect: "100-continue" }, "GET"],
  [{ "proxy-connection": "close" }, "GET"],
  [{ "x-name": "caf\u00e9" }, "GET"],
] as const)("%j %s is left to the application", async (headers, method) => {
  expect(await askBoth("/", headers, method)).toBe(false);
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
function speak(server: Server, pieces: string[], enough: (heard: string) => boolean = () => false): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = "";
    const socket: Socket = connect({ port: portOf(server), host: "127.0.0.1" });
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
  test("carries stored pages, then an interface, then pages again", async () => {
    const pieces = [
      ask("/icon.svg"),
      ask("/privacy", "If-None-Match: *\r\n"),
      json('{"message":"a","reply_by":"none","consent":true}'),
      ask("/icon.svg"),
      farewell,
    ];
    expect(statuses(await speak(front, pieces))).toEqual([200, 304, 201, 200, 200]);
  });

  test("with several requests in one piece answers all, in order", async () => {
    const pieces = [ask("/icon.svg") + ask("/nothing") + ask("/robots.txt") + json("{}") + farewell];
    expect(statuses(await speak(front, pieces))).toEqual([200, 404, 200, 422, 200]);
  });

  test("whose request comes letter by letter is heard out", async () => {
    const before = passedOn;
    const whole = ask("/icon.svg", "Connection: close\r\n");
    const heard = await new Promise<string>((resolve, reject) => {
      let text = "";
      const socket = connect({ port: portOf(front), host: "127.0.0.1", noDelay: true }, async () => {
        for (const letter of whole) await new Promise((sent) => socket.write(letter, sent));
      });
      socket.on("data", (chunk) => (text += chunk.toString("latin1")));
      socket.on("close", () => resolve(text)).on("error", reject);
    });
    expect([statuses(heard), passedOn]).toEqual([[200], before + 1]);
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
  ])("with %s is treated as without the door", async (_, request) => {
    const before = passedOn;
    const [there, here] = [await speak(plain, [request]), await speak(front, [request])];
    const lasting = (heard: string) => heard.replaceAll(/(?:X-Request-Id|Date): [^\r]*\r\n/giu, "");
    expect(lasting(here)).toBe(lasting(there));
    expect(statuses(here)[0]).toBeDefined();
    if (statuses(here)[0] === 200) expect(passedOn).toBeGreaterThan(before);
  });

  test.each([1000, 8000, 15_000, 60_000])(
    "with a header of %i blanks is answered as without the door",
    async (count) => {
      const request = ask("/icon.svg", `Accept-Encoding: br${" ".repeat(count)}x\r\nConnection: close\r\n`);
      const [there, here] = [await speak(plain, [request]), await speak(front, [request])];
      expect(statuses(here)).toEqual(statuses(there));
    },
  );

  test("is read without backtracking: linear in its length, whatever it is filled with", () => {
    const count = 8000; // no longer request is read at the door
    const requests = [
      ask("/icon.svg", `Accept-Encoding: br${" ".repeat(count)}x\r\n`),
      ask("/icon.svg", `Accept-Encoding:${" ".repeat(count)}`),
      ask("/icon.svg", "a: b\r\n".repeat(count / 6)),
      ask("/icon.svg", "a".repeat(count)),
      ask(`/${"a".repeat(count)}`),
      `GET /${"a".repeat(count)}`,
    ];
    for (const request of requests)
      expect([backtracksTooMuch(plainRequest, request), backtracksTooMuch(telling, request)]).toEqual([false, false]);
    // The count sees what it is for: blanks before and after a value, each of which may also belong to the value.
    expect(backtracksTooMuch(/\r\n(accept-encoding): *(.*?) *\r/giu, requests[0] ?? "")).toBe(true);
  });

  test("with more than a browser says is left to the application", async () => {
    expect(await askBoth("/icon.svg", { "x-long": "a".repeat(7000) })).toBe(true);
    expect(await askBoth("/icon.svg", { "x-long": "a".repeat(9000) })).toBe(false);
  });

  test("that asks and asks without reading gets everything in the end, as long as it asks for no more than is kept", async () => {
    // What the door cannot take at once the application has to, and that keeps no more than so many.
    const count = maxPipelined;
    const { br } = site.files.get("/")?.faceAt(site.now()) ?? { br: Buffer.alloc(0) };
    let heard = 0;
    let answers = 0;
    await new Promise<void>((resolve, reject) => {
      const socket = connect({ port: portOf(front), host: "127.0.0.1", noDelay: true }, async () => {
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
    expect(heard).toBeGreaterThan(count * br.length);
    expect(answers).toBeGreaterThan(0);
  });
});

test("closing the server lets resting connections go", async () => {
  const server = new Front(site, () => {});
  await listen(server);
  const socket = connect({ port: portOf(server), host: "127.0.0.1" });
  const gone = new Promise((resolve) => socket.on("close", resolve));
  await new Promise<void>((resolve) => {
    socket.once("data", () => resolve());
    socket.write(ask("/icon.svg"));
  });
  const closed = new Promise((resolve) => server.close(resolve));
  await Promise.all([gone, closed]);
  expect(server.listening).toBe(false);
});
