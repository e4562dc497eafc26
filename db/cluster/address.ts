/** Port, password and socket of the product's own PostgreSQL; kept in DATA_DIR/cluster.json. */

import { readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

export interface Identity {
  password: string;
  port: number;
}

/** Password and port as written last. Throws before the first start. */
export function identity(dataDir: string): Identity {
  return JSON.parse(readFileSync(join(dataDir, "cluster.json"), "utf8")) as Identity;
}

/** Writes them atomically (a new file, flushed to the disk, then a rename). */
export function writeIdentity(dataDir: string, known: Identity): void {
  const path = join(dataDir, "cluster.json");
  writeFileSync(`${path}.new`, JSON.stringify(known), { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
}

/** postgres:// URL with the owner's rights, over the socket where there is one. */
export function urlOf(dataDir: string, { password, port }: Identity, database: string): string {
  const folder = socketFolder(dataDir);
  const socket = folder === undefined ? "" : `?host=${encodeURIComponent(folder)}`;
  return `postgres://komichi_owner:${password}@127.0.0.1:${port}/${database}${socket}`;
}

/**
 * DATA_DIR/run, unless the socket's path would be longer than the 107 bytes a kernel takes, or the
 * server runs as another user, who may not write there.
 */
export function socketFolder(dataDir: string): string | undefined {
  const folder = join(dataDir, "run");
  if (process.getuid !== undefined && statSync(join(dataDir, "pg")).uid !== process.getuid()) return undefined;
  const longest = join(folder, ".s.PGSQL.65535");
  return process.platform === "win32" || Buffer.byteLength(longest) > 100 ? undefined : folder;
}

/** A port of the loopback that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Whether nobody listens on this port of the loopback. */
export function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
