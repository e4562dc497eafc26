/**
 * The last good copies of stored pages under DATA_DIR/pages, so that a process has them after a restart without
 * the database, and nginx can send them itself (api/deploy/nginx.conf):
 *
 *   copies/about.json                       which bytes are the page's, and until when they may be shown
 *   copies/about.<hash>.html, .html.br, .html.gz
 *   slots/1764265/about.html                a link to these bytes, if they are true for all of these 1000 seconds
 *
 * Files are named by their content, so that a link never comes to mean other bytes than those it was made for. nginx
 * looks only into the slot of the present moment. So it stops by itself when a page's moment comes and nobody
 * renews it: for the slot in which the moment lies, and for later ones, there is no link.
 */

import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, readlink, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { env } from "#db/env.ts";
import { log, traceOf } from "#db/log.ts";
import { isErrorPage } from "./keys.ts";
import { hashOf, keptSnapshot, type Snapshot } from "./snapshot.ts";

const folder = join(env.DATA_DIR, "pages");
const copies = join(folder, "copies");
const slots = join(folder, "slots");
const endings = [".html", ".html.br", ".html.gz"];

/** Milliseconds of a slot: what nginx can tell apart, by the first seven digits of its clock. */
const slotMs = 1_000_000;
/** Slots made ahead, so that nginx has four hours of pages while no process of ours runs. */
const slotsAhead = 15;

export const slotOf = (now: Date): number => Math.floor(now.getTime() / slotMs);

/** "/guides?furigana" ⇄ "guides~furigana"; the landing page's name is empty, as its path is for nginx. */
const nameOf = (key: string) => key.slice(1).replace("?", "~");
const keyOf = (name: string) => `/${name.replace("~", "?")}`;

/** What stands in a copy's description. */
interface Described extends Pick<Snapshot, "type" | "policy" | "showUntil"> {
  hash: string;
}

const describedIn = (name: string) =>
  readFile(join(copies, `${name}.json`), "utf8").then((text) => JSON.parse(text) as Described);

/** Writes a copy, links it into the slots of its time, and removes the bytes of the one before. */
export async function saveCopy(key: string, snapshot: Snapshot, now: Date): Promise<void> {
  if (isErrorPage(key)) return;
  const name = nameOf(key);
  const { type, policy, showUntil, bodies } = snapshot;
  const hash = hashOf(snapshot);
  await mkdir(dirname(join(copies, `${name}.json`)), { recursive: true });
  for (const [i, bytes] of [bodies.plain, bodies.br, bodies.gzip].entries()) {
    const file = join(copies, `${name}.${hash}${endings[i]}`);
    if (!existsSync(file)) await write(file, bytes);
  }
  // JSON has no Infinity.
  const described = { type, policy, showUntil: Math.min(showUntil, Number.MAX_SAFE_INTEGER), hash };
  await write(join(copies, `${name}.json`), JSON.stringify(described));
  await linkCopy(key, snapshot, now);
  await removeBytes(name, hash);
}

/** Removes all bytes of a copy but those of this hash; another process may have left some. */
async function removeBytes(name: string, hash?: string): Promise<void> {
  const place = dirname(join(copies, `${name}.json`));
  const prefix = `${name.split("/").at(-1)}.`;
  for (const file of await readdir(place).catch(() => [])) {
    if (!file.startsWith(prefix)) continue;
    const found = /^([\w-]{22})\.html(?:\.br|\.gz)?$/u.exec(file.slice(prefix.length));
    if (found && found[1] !== hash) await rm(join(place, file), { force: true });
  }
}

/** Replaces a file at once and whole. Readable for nginx, which runs as another user. */
async function write(file: string, content: string | Buffer): Promise<void> {
  const written = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(written, content, { mode: 0o644 });
    await rename(written, file);
  } catch (error) {
    await rm(written, { force: true });
    throw error;
  }
}

/**
 * Links a copy into the slots through which it stays true, and out of the others; undefined: out of all. Only
 * pages that are asked for without a query and are the same for everybody. Where the copy could not be saved the
 * link leads nowhere, and nginx asks Node.
 */
export async function linkCopy(key: string, snapshot: Snapshot | undefined, now: Date): Promise<void> {
  if (isErrorPage(key) || key.includes("?")) return;
  const name = nameOf(key);
  const trueUntil = snapshot === undefined || snapshot.personalisable?.hasFormKey ? 0 : snapshot.trueUntil;
  const first = slotOf(now);
  for (let slot = first; slot < first + slotsAhead; slot++)
    for (const ending of endings) {
      const link = join(slots, String(slot), name + ending);
      const isTrue = (slot + 1) * slotMs <= trueUntil;
      await pointTo(link, isTrue && snapshot ? join(copies, `${name}.${hashOf(snapshot)}${ending}`) : undefined);
    }
}

/** Makes a link lead there, or removes it. In between there is none, and nginx asks Node. */
async function pointTo(link: string, file: string | undefined): Promise<void> {
  const target = file && relative(dirname(link), file);
  const present = await readlink(link).catch(() => undefined);
  if (present === target) return;
  await rm(link, { force: true });
  if (target === undefined) return;
  await mkdir(dirname(link), { recursive: true });
  await symlink(target, link).catch((error: NodeJS.ErrnoException) => {
    // Another process on the same folder was quicker.
    if (error.code !== "EEXIST") throw error;
  });
}

/** Removes a page's copy: it is no longer published. */
export async function removeCopy(key: string, now: Date): Promise<void> {
  if (isErrorPage(key)) return;
  const name = nameOf(key);
  await linkCopy(key, undefined, now);
  await rm(join(copies, `${name}.json`), { force: true });
  await removeBytes(name);
}

/** Removes the slots that are over. */
export async function removeOldSlots(now: Date): Promise<void> {
  for (const slot of await readdir(slots).catch(() => []))
    if (Number(slot) < slotOf(now)) await rm(join(slots, slot), { recursive: true, force: true });
}

/** All copies by key. One that cannot be read, or is not what it was, is as good as none. */
export async function readCopies(): Promise<Map<string, Snapshot>> {
  const found = new Map<string, Snapshot>();
  const files = await readdir(copies, { recursive: true }).catch(() => []);
  for (const file of files.filter((name) => name.endsWith(".json"))) {
    const name = file.slice(0, -".json".length);
    const snapshot = await readCopy(name).catch((error: unknown) => log("page.copy_unreadable", traceOf(error)));
    if (snapshot) found.set(keyOf(name), snapshot);
  }
  return found;
}

async function readCopy(name: string): Promise<Snapshot> {
  const { hash, ...described } = await describedIn(name);
  const read = (ending: string) => readFile(join(copies, `${name}.${hash}${ending}`));
  const [plain, br, gzip] = (await Promise.all(endings.map(read))) as [Buffer, Buffer, Buffer];
  const snapshot = keptSnapshot({ plain, br, gzip }, described);
  const isWhole = brotliDecompressSync(br).equals(plain) && gunzipSync(gzip).equals(plain);
  if (hashOf(snapshot) !== hash || !isWhole) throw new Error("the copy is not what it was");
  return snapshot;
}
