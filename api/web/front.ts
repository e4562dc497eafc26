/**
 * The door before the application. A plain request for a stored page is read and answered on the
 * connection itself, without a request object, a router or a stream; anything else, from its first
 * byte on, goes to Node's own HTTP server and the Hono application, and the connection stays there.
 * Both ways give the same answers (api/web/answers.ts, tests/api/web/front-door.test.ts).
 *
 * Strictness is the safety: one whole request per piece, without a body, in the letters and the order
 * that browsers use. Nothing is guessed, mended or put together here.
 */

import { randomUUID } from "node:crypto";
import { type RequestListener, Server } from "node:http";
import type { Socket } from "node:net";
import { clickIdOf } from "#analytics/clicks/record.ts";
import { limitConnections, oneRequestAtATime, writeTimeoutMs } from "#api/http/connections.ts";
import { securityHeaders } from "#api/http/guard.ts";
import { answerUnreadable } from "#api/http/protocol.ts";
import { logRequest } from "#api/http/request-log.ts";
import { type Encoding, encodingFor, headersOf, type Kind, kindOf, ownBody, sameBody } from "./answers.ts";
import type { Face, Stored } from "./faces.ts";
import type { Site } from "./pages.ts";
import { keyAt } from "./variants.ts";

/** Seconds that a connection may rest between requests. */
const rest = 5;

/** Milliseconds after which we give up a connection without an answer under way. */
const restTime = (rest + 1) * 1000;

/** Bytes of a request; browsers send one or two thousand. Node refuses what is too long for itself. */
const longest = 8192;

/** A whole GET without a body and without anything that would change how it has to be read. */
export const plainRequest = /^GET (\/[!-~]*) HTTP\/1\.1\r\n(?:[\w-]+: [\t -~]*\r\n)+\r\n$/;
/** No backtracking: linear in the header's length, also with many blanks (tests/api/web/front-door.test.ts). */
export const telling =
  /\r\n(host|accept-encoding|if-none-match|connection|content-length|transfer-encoding|expect|upgrade|te|trailer|range|proxy-connection):([^\r]*)/gi;
/** Queries that mean a stored page and nothing more: no advertisement, no search. */
const plainQuery = /^(furigana)?(?:(?:^|&)c=([\w-]{43}))?$/u;

/** Node's HTTP server with the door before it. */
export class Front extends Server {
  #resting = new Set<Socket>();

  constructor(site: Site, behind: RequestListener) {
    super({ keepAliveTimeout: rest * 1000 }, oneRequestAtATime(behind));
    limitConnections(this);
    answerUnreadable(this);
    const [adopt] = this.listeners("connection");
    this.removeAllListeners("connection");
    const answerTo = answering(site);
    this.on("connection", (socket: Socket) => this.#meet(socket, answerTo, () => adopt?.call(this, socket)));
  }

  #meet(socket: Socket, answerTo: (request: string) => string | undefined, adopt: () => void): void {
    const take = (chunk: Buffer) => {
      const answer = chunk.length > longest ? undefined : answerTo(chunk.toString("latin1"));
      if (answer === undefined) {
        leave();
        adopt();
        socket.emit("data", chunk);
      } else if (!socket.write(answer, "latin1")) {
        // Whoever asks faster than they read waits, and whoever reads nothing does not stay.
        socket.pause();
        socket.setTimeout(writeTimeoutMs);
        socket.once("drain", () => socket.setTimeout(restTime).resume());
      }
    };
    const end = () => socket.destroySoon();
    const drop = () => socket.destroy();
    const forget = () => this.#resting.delete(socket);
    // Up to here an answer may stand unread without a pause; it has as long as any other.
    const tire = () => {
      if (socket.writableLength === 0 || socket.timeout === writeTimeoutMs) socket.destroy();
      else socket.setTimeout(writeTimeoutMs);
    };
    const leave = () => {
      forget();
      socket.setTimeout(0);
      socket.off("data", take).off("end", end).off("error", drop).off("close", forget).off("timeout", tire);
    };
    this.#resting.add(socket);
    socket.setTimeout(restTime);
    socket.on("data", take).on("end", end).on("error", drop).on("close", forget).on("timeout", tire);
  }

  /** Between two requests a connection at the door is always idle: answers are written as they are asked for. */
  override closeIdleConnections(): void {
    super.closeIdleConnections();
    for (const socket of this.#resting) socket.destroySoon();
  }

  override closeAllConnections(): void {
    super.closeAllConnections();
    for (const socket of this.#resting) socket.destroy();
  }
}

/** The answer to a request as bytes (latin1), or undefined when it is not for the door. */
function answering(site: Site): (request: string) => string | undefined {
  const queries = { none: new URLSearchParams(), furigana: new URLSearchParams("furigana") };
  return (request) => {
    const url = plainRequest.exec(request)?.[1];
    if (url === undefined || url.includes("//") || url.startsWith("/staff")) return undefined;
    const headers = tellingHeaders(request);
    if (!headers) return undefined;
    // Nearly always the URL is the key of a file; what else may stand in one is looked at after that.
    const file = site.files.get(url);
    if (file) return answer(site, file, url, undefined, headers);
    const [path = "", query = ""] = url.split(/\?(.*)/su);
    const asked = plainQuery.exec(query);
    const other = asked && site.files.get(keyAt(site, path, asked[1] === undefined ? queries.none : queries.furigana));
    return other ? answer(site, other, path, clickIdOf(asked[2]) && asked[2], headers) : undefined;
  };
}

interface Telling {
  acceptEncoding: string | undefined;
  known: string | undefined;
}

/** The headers that matter here; undefined when one of them, or one said twice, needs more than a plain answer. */
function tellingHeaders(request: string): Telling | undefined {
  let [host, acceptEncoding, known, connection]: (string | undefined)[] = [];
  telling.lastIndex = 0;
  for (let found = telling.exec(request); found; found = telling.exec(request)) {
    const lower = found[1]?.toLowerCase();
    const value = found[2]?.trim();
    if (lower === "host" && host === undefined) host = value;
    else if (lower === "accept-encoding" && acceptEncoding === undefined) acceptEncoding = value;
    else if (lower === "if-none-match" && known === undefined) known = value;
    else if (lower === "connection" && connection === undefined) connection = value?.toLowerCase();
    else return undefined;
  }
  const isKept = connection === undefined || connection === "keep-alive";
  return host !== undefined && isKept ? { acceptEncoding, known } : undefined;
}

function answer(site: Site, file: Stored, path: string, token: string | undefined, asked: Telling): string {
  const started = performance.now();
  const face = file.faceAt(site.now());
  const kind = kindOf(file, face, { token: file.isPage ? token : undefined, known: asked.known });
  const encoding = encodingFor(asked.acceptEncoding);
  const body =
    kind === "known"
      ? ""
      : kind === "own"
        ? letters(ownBody(face, encoding, token))
        : lettersOf(sameBody(face, encoding));
  const status = kind === "known" ? 304 : 200;
  const requestId = randomUUID();
  const head = headOf(file, face, path, kind, encoding);
  const length = status === 200 ? `\r\nContent-Length: ${body.length}` : "";
  logRequest({ requestId, method: "GET", route: "/*", status, started });
  return `HTTP/1.1 ${status === 200 ? "200 OK" : "304 Not Modified"}${head}${requestId}\r\nDate: ${date()}${length}\r\n\r\n${body}`;
}

/** Heads of a face, up to the request's id. */
const heads = new WeakMap<Face, Map<string, string>>();

function headOf(file: Stored, face: Face, path: string, kind: Kind, encoding: Encoding): string {
  const known = heads.get(face) ?? new Map<string, string>();
  heads.set(face, known);
  const which = `${kind} ${encoding}`;
  let head = known.get(which);
  if (head === undefined) {
    const all = {
      ...headersOf(file, face, kind, encoding),
      ...securityHeaders(path, file.policy),
      Connection: "keep-alive",
      "Keep-Alive": `timeout=${rest}`,
    };
    head = `${Object.entries(all)
      .map(([name, value]) => `\r\n${name}: ${value}`)
      .join("")}\r\nX-Request-Id: `;
    known.set(which, head);
  }
  return head;
}

const letters = (body: Buffer | string) => (typeof body === "string" ? body : body.toString("latin1"));

/** The same bytes as letters, which can be written in one piece with the head. */
const spelt = new WeakMap<Buffer, string>();

function lettersOf(body: Buffer): string {
  const known = spelt.get(body);
  if (known !== undefined) return known;
  const text = body.toString("latin1");
  spelt.set(body, text);
  return text;
}

let second = { at: 0, date: "" };

/** The header Date, made once a second. */
function date(): string {
  const at = Math.floor(Date.now() / 1000);
  if (second.at !== at) second = { at, date: new Date(at * 1000).toUTCString() };
  return second.date;
}
