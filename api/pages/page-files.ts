/**
 * The last good copies of stored pages under DATA_DIR/pages, so that a process has them after a restart without
 * the database, and nginx can send them itself (api/deploy/nginx.conf):
 *
 *   copies/about.html, .html.br, .html.gz   what is sent; .json beside them says until when
 *   slots/1764265/about.html                a link to the copy, if it is true for all of these 1000 seconds
 *
 * nginx looks only into the slot of the present moment. So it stops by itself when a page's moment comes and
 * nobody renews it: for the slot in which the moment lies, and for later ones, there is no link.
 */

import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { env } from "#db/env.ts";
import { log, traceOf } from "#db/log.ts";
import { type Described, keptSnapshot, type Snapshot } from "./snapshot.ts";

const folder = join(env.DATA_DIR, "pages");
const copies = join(folder, "copies");
const slots = join(folder, "slots");
const endings = ["", ".br", ".gz"];

/** Milliseconds of a slot: what nginx can tell apart, by the first seven digits of its clock. */
const slotMs = 1_000_000;
/** Slots made ahead, so that nginx has four hours of pages while no process of ours runs. */
const slotsAhead = 15;

/** A path with its query, such as "/guides?furigana", as the name of a file: "guides~furigana.html". */
const fileOf = (key: string) =>
  `${key
    .replace(/^\/(?=\?|$)/u, "/index")
    .replace("?", "~")
    .slice(1)}.html`;
const keyOf = (file: string) =>
  `/${file
    .replace(/\.html$/u, "")
    .replace("~", "?")
    .replace(/^index(?=\?|$)/u, "")}`;

/** Writes a copy and links it into the slots of its time. */
export async function saveCopy(key: string, snapshot: Snapshot, now: Date): Promise<void> {
  // What is said of a page that is missing or broken has no address.
  if (!key.startsWith("/")) return;
  const file = join(copies, fileOf(key));
  const { type, policy, trueUntil, showUntil, bodies } = snapshot;
  await mkdir(dirname(file), { recursive: true });
  // Without its description a copy is not read again; so an interrupted write leaves none, not a mixed one.
  await rm(`${file}.json`, { force: true });
  for (const [i, bytes] of [bodies.plain, bodies.br, bodies.gzip].entries()) await write(file + endings[i], bytes);
  await write(
    `${file}.json`,
    JSON.stringify({ type, policy, trueUntil: finite(trueUntil), showUntil: finite(showUntil) }),
  );
  await linkCopy(key, snapshot, now);
}

/** JSON has no Infinity. */
const finite = (moment: number) => Math.min(moment, Number.MAX_SAFE_INTEGER);

/** Replaces a file at once and whole. Readable for nginx, which runs as another user. */
async function write(file: string, content: string | Buffer): Promise<void> {
  const written = `${file}.${randomUUID()}.tmp`;
  await writeFile(written, content, { mode: 0o644 });
  await rename(written, file);
}

/**
 * Links a copy into the slots through which it stays true, and out of the others; undefined: out of all. Only
 * pages that are asked for without a query and are the same for everybody.
 */
export async function linkCopy(key: string, snapshot: Snapshot | undefined, now: Date): Promise<void> {
  if (!/^\/[^?]*$/u.test(key)) return;
  const trueUntil = snapshot === undefined || snapshot.personalisable?.hasFormKey ? 0 : snapshot.trueUntil;
  const first = Math.floor(now.getTime() / slotMs);
  for (let slot = first; slot < first + slotsAhead; slot++)
    for (const ending of endings) {
      const link = join(slots, String(slot), fileOf(key) + ending);
      if ((slot + 1) * slotMs > trueUntil) await rm(link, { force: true });
      else await symlinkOnce(join(copies, fileOf(key) + ending), link);
    }
}

async function symlinkOnce(target: string, link: string): Promise<void> {
  await mkdir(dirname(link), { recursive: true });
  await symlink(relative(dirname(link), target), link).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
}

/** Removes a page's copy: it is no longer published. */
export async function removeCopy(key: string, now: Date): Promise<void> {
  await linkCopy(key, undefined, now);
  for (const ending of [".json", ...endings]) await rm(join(copies, fileOf(key) + ending), { force: true });
}

/** Removes the slots that are over. */
export async function removeOldSlots(now: Date): Promise<void> {
  for (const slot of await readdir(slots).catch(() => []))
    if ((Number(slot) + 1) * slotMs <= now.getTime()) await rm(join(slots, slot), { recursive: true, force: true });
}

/** All copies by key. */
export async function readCopies(): Promise<Map<string, Snapshot>> {
  const found = new Map<string, Snapshot>();
  const names = await readdir(copies, { recursive: true }).catch(() => []);
  for (const name of names.filter((name) => name.endsWith(".html.json"))) {
    const file = name.slice(0, -".json".length);
    // A copy that cannot be read is as good as none: the page is rendered anew.
    const snapshot = await readCopy(file).catch((error: unknown) => log("page.copy_unreadable", traceOf(error)));
    if (snapshot) found.set(keyOf(file), snapshot);
  }
  return found;
}

async function readCopy(file: string): Promise<Snapshot> {
  const read = (ending: string) => readFile(join(copies, file + ending));
  const described = JSON.parse(String(await read(".json"))) as Described;
  const [plain, br, gzip] = (await Promise.all(endings.map(read))) as [Buffer, Buffer, Buffer];
  return keptSnapshot({ plain, br, gzip }, described);
}
