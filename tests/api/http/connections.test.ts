/** One connection costs little, whatever it asks for and however little it reads. */

import { once } from "node:events";
import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { afterAll, describe, expect, test } from "vitest";
import { createApp } from "#api/app.ts";
import { maxConnections, maxPipelined, oneRequestAtATime, writeTimeoutMs } from "#api/http/connections.ts";
import { loadSite } from "#api/pages/site.ts";
import { createWebServer } from "#api/web/server.ts";

const servers: Server[] = [];
afterAll(async () => {
  for (const server of servers) {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }
});

const portOf = (server: Server) => (server.address() as { port: number }).port;

async function serve<S extends Server>(server: S): Promise<S> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** A connection, seen from both ends; its client reads nothing until it is resumed. */
async function meet(server: Server): Promise<{ client: Socket; there: Socket }> {
  const met = once(server, "connection") as Promise<[Socket]>;
  const client = connect({ port: portOf(server), host: "127.0.0.1" }).on("error", () => {});
  client.pause();
  const [there] = await met;
  return { client, there };
}

const ask = (path: string, more = "") => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${more}\r\n`;
const answersIn = (heard: string) => [...heard.matchAll(/HTTP\/1\.1 (\d{3}) /gu)].length;

/** Everything a client hears until it has heard enough or is cut off. */
function hear(client: Socket, enough: (heard: string) => boolean = () => false): Promise<string> {
  return new Promise((resolve) => {
    let heard = "";
    client.on("data", (chunk: Buffer) => {
      heard += chunk.toString("latin1");
      if (enough(heard)) client.destroy();
    });
    client.on("close", () => resolve(heard));
    client.resume();
  });
}

describe("requests sent ahead on one connection", () => {
  const big = Buffer.alloc(300_000, "a");

  test("are begun one by one, each when the answer before has left, and all answered in order", async () => {
    const open = new Set<ServerResponse>();
    const openAtStart: number[] = [];
    let paths = "";
    const listener: RequestListener = (request, response) => {
      openAtStart.push(open.size);
      open.add(response);
      response.on("close", () => open.delete(response));
      paths += request.url;
      response.end(big);
    };
    const { client } = await meet(await serve(createServer(oneRequestAtATime(listener))));
    const count = maxPipelined + 1;
    const asked = Array.from({ length: count }, (_, at) => `/${at}`);
    client.write(asked.map((path) => ask(path, path === asked.at(-1) ? "Connection: close\r\n" : "")).join(""));
    expect(answersIn(await hear(client))).toBe(count);
    expect(paths).toBe(asked.join(""));
    expect(openAtStart).toEqual(asked.map(() => 0));
  });

  test("let others have their turn between two", async () => {
    let turns = 0;
    const turnsAtStart: number[] = [];
    const listener: RequestListener = (_, response) => {
      turnsAtStart.push(turns);
      setImmediate(() => turns++);
      response.end("a");
    };
    const { client } = await meet(await serve(createServer(oneRequestAtATime(listener))));
    client.write(ask("/").repeat(20));
    await hear(client, (text) => answersIn(text) === 20);
    expect(turnsAtStart).toEqual(Array.from({ length: 20 }, (_, at) => at));
  });

  test("are too many when they could not be kept: the connection ends, and few were begun", async () => {
    let begun = 0;
    const tooMany = Promise.withResolvers<string>();
    const listener: RequestListener = (_, response) => {
      if (++begun > maxPipelined + 1) tooMany.resolve("everything was begun");
      response.end(big);
    };
    const { client, there } = await meet(await serve(createServer(oneRequestAtATime(listener))));
    client.write(ask("/").repeat(2000));
    const cut = new Promise((resolve) => there.on("close", () => resolve("cut off")));
    expect(await Promise.race([cut, tooMany.promise])).toBe("cut off");
    expect(begun).toBeLessThanOrEqual(maxPipelined + 1);
  });
});

describe("at the front door", async () => {
  const site = await loadSite();
  const server = await serve(createWebServer(site, createApp(site).fetch));
  const picture = site.files.get("/og.png")?.bodies.plain.length ?? 0;

  test("2,000 pictures asked for and never read are not made: the connection ends", async () => {
    const { client, there } = await meet(server);
    const cut = once(there, "close");
    client.write(ask("/og.png").repeat(2000));
    await cut;
    expect(picture).toBeGreaterThan(10_000);
    expect(there.bytesWritten).toBeLessThan((maxPipelined + 2) * (picture + 2000));
    const heard = await hear(client);
    expect(answersIn(heard)).toBeLessThanOrEqual(maxPipelined + 2);
  });

  test("a client that asks for one page after the other and reads none makes us keep one answer, until it is cut off", async () => {
    const { client, there } = await meet(server);
    let waiting = 0;
    there.on("data", () => {
      waiting = Math.max(waiting, there.writableLength);
      client.write(ask("/og.png"));
    });
    const cut = once(there, "close");
    client.write(ask("/og.png"));
    await cut;
    expect(waiting).toBeLessThan(there.writableHighWaterMark + picture + 2000);
    client.destroy();
  });

  test("whoever does not read an answer of the application is given up as well", async () => {
    const { client, there } = await meet(server);
    client.write(ask("/healthz?x=1"));
    await once(client.resume(), "data");
    expect([server.timeout, there.destroyed]).toEqual([writeTimeoutMs, false]);
    const ended = once(there, "close");
    there.emit("timeout");
    await ended;
  });

  test("connections are counted", () => {
    expect(server.maxConnections).toBe(maxConnections);
  });
});
