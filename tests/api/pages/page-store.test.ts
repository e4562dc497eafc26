/** A stored page is never false: whatever happens, it reads as a fresh rendering would, or as the last good one. */

import { existsSync, readlinkSync } from "node:fs";
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PageStore, type Rendered } from "#api/pages/page-store.ts";
import { PageTime } from "#api/pages/page-time.ts";
import { env } from "#db/env.ts";

/** The world that pages are rendered from: a clock, content, and a database that may be away. */
class World {
  now = Date.parse("2026-11-20T09:00+09:00");
  version = 1;
  published = new Set(["/", "/a", "/b"]);
  isAway = false;
  renderings = 0;

  /** What a page says now, with the moments that it states. */
  text(key: string): { text: string; time: PageTime } | undefined {
    const time = new PageTime(new Date(this.now));
    if (!this.published.has(key)) return undefined;
    const story = key === "/a" && time.isConsented("2026-11-24") ? " story" : "";
    const event = key === "/b" && time.isThrough("2026-11-22") ? " event" : "";
    return { text: `${key} v${this.version} ${time.opensOn("en") || "open"}${story}${event}`, time };
  }

  render = async (key: string): Promise<Rendered | undefined> => {
    this.renderings++;
    const read = this.text(key);
    const isAway = this.isAway;
    await new Promise((resolve) => setImmediate(resolve));
    if (isAway) throw Object.assign(new Error("away"), { code: "ECONNREFUSED" });
    if (!read) return undefined;
    const { trueUntil, showUntil, now } = read.time;
    const moments = { trueFrom: now.getTime(), trueUntil, showUntil };
    return { bytes: Buffer.from(`<p>${read.text}</p>`), type: "text/html", policy: undefined, ...moments };
  };

  stores: PageStore[] = [];

  store(): PageStore {
    const store = new PageStore(this.render, () => new Date(this.now), 30_000);
    this.stores.push(store);
    return store;
  }

  settled = () => Promise.all(this.stores.map((store) => store.refresh().then(() => store.settled())));
}

let world: World;
beforeEach(async () => {
  world = new World();
  // Files are named by content: those of another test would serve this one.
  await rm(join(env.DATA_DIR, "pages"), { recursive: true, force: true, maxRetries: 50, retryDelay: 20 });
});
afterEach(() => world.settled());

const read = async (store: PageStore, key: string) => (await store.get(key))?.bodies.plain.toString();

const change = fc.oneof(
  fc.record({ do: fc.constant("wait" as const), minutes: fc.integer({ min: 1, max: 3000 }) }),
  fc.record({
    do: fc.constantFrom("edit" as const, "withdraw" as const, "publish" as const, "away" as const, "back" as const),
  }),
  fc.record({ do: fc.constant("ask" as const), key: fc.constantFrom("/", "/a", "/b", "/none"), process: fc.nat(1) }),
);

test("over moments, edits, withdrawals and lost databases, in two processes, no page differs from a fresh rendering", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 25 }), async (changes) => {
      world = new World();
      const processes = [world.store(), world.store()];
      /** What each page read at each step while the database was there, and where each process read it last. */
      const history: Record<string, { text: string | undefined; showUntil: number }[]> = {
        "/": [],
        "/a": [],
        "/b": [],
        "/none": [],
      };
      const readAt = new Map<string, number>();
      const html = (key: string) => {
        const fresh = world.text(key);
        return { text: fresh && `<p>${fresh.text}</p>`, showUntil: fresh?.time.showUntil ?? 0 };
      };
      for (const step of changes) {
        if (step.do === "wait") world.now += step.minutes * 60_000;
        if (step.do === "edit") world.version++;
        if (step.do === "withdraw") world.published.delete("/b");
        if (step.do === "publish") world.published.add("/b");
        if (step.do === "away" || step.do === "back") world.isAway = step.do === "away";
        if (step.do === "edit" || step.do === "withdraw" || step.do === "publish")
          for (const store of processes) store.invalidate();
        if (!world.isAway) for (const [key, texts] of Object.entries(history)) texts.push(html(key));
        if (step.do !== "ask") continue;
        const store = processes[step.process] ?? world.store();
        const name = `${step.process}${step.key}`;
        const answer = await read(store, step.key).catch(() => "failed");
        const expected = html(step.key).text;
        if (!world.isAway) {
          expect(answer).toBe(expected);
          if (expected === undefined) readAt.delete(name);
          else readAt.set(name, (history[step.key]?.length ?? 0) - 1);
        } else if (answer !== expected) {
          // A copy of this page that was good since it was last read and may still be shown, or no page.
          const good = readAt.has(name) ? (history[step.key] ?? []).slice(readAt.get(name)) : [];
          const shown = good.filter(({ showUntil }) => world.now < showUntil).map(({ text }) => text ?? "failed");
          expect([...shown, ...(shown.length < good.length || good.length === 0 ? ["failed"] : [])]).toContain(answer);
        }
      }
      await world.settled();
    }),
    { numRuns: 150 },
  );
});

describe("an ended consent", () => {
  test("is not shown from its last midnight on, even when the page cannot be rendered anew", async () => {
    const store = world.store();
    expect(await read(store, "/a")).toContain("story");
    world.isAway = true;
    world.now = Date.parse("2026-11-24T23:59:59.999+09:00");
    expect(await read(store, "/a")).toContain("story");
    world.now = Date.parse("2026-11-25T00:00+09:00");
    expect(store.peek("/a")).toBeUndefined();
    await expect(store.get("/a")).rejects.toThrow("away");
    world.isAway = false;
    expect(await read(store, "/a")).not.toContain("story");
  });
});

test("a clock that jumps back makes what was rendered ahead of it untrue", async () => {
  const store = world.store();
  world.now += 366 * 86_400_000;
  await store.get("/b");
  world.now -= 366 * 86_400_000;
  expect(store.peek("/b")).toBeUndefined();
  expect(await read(store, "/b")).toContain("event");
});

test("a page is rendered once, however many ask", async () => {
  const store = world.store();
  await Promise.all(Array.from({ length: 20 }, () => store.get("/")));
  await store.get("/");
  expect(world.renderings).toBe(1);
});

test("content that changes while a page is rendered makes that rendering an old one, which nobody gets", async () => {
  const store = world.store();
  const first = read(store, "/b");
  world.version++;
  store.invalidate();
  expect(await first).toContain("v2");
  expect(store.peek("/b")?.bodies.plain.toString()).toContain("v2");
});

test("a page withdrawn and published again is there, though the rendering under way found none", async () => {
  const store = world.store();
  await store.get("/b");
  world.published.delete("/b");
  store.invalidate();
  world.published.add("/b");
  store.invalidate();
  expect(await read(store, "/b")).toContain("v1");
});

test("a page that cannot be rendered soon is answered by the copy before", async () => {
  const store = world.store();
  await store.get("/");
  await store.settled();
  world.now += 86_400_000;
  const hanging = new PageStore(
    () => new Promise(() => {}),
    () => new Date(world.now),
  );
  await hanging.readCopies();
  expect(await read(hanging, "/")).toContain("v1");
});

describe("copies on disk", () => {
  const folder = join(env.DATA_DIR, "pages");
  const slotOf = (ms: number) => String(Math.floor(ms / 1_000_000));
  const inSlot = (ms: number, file: string) => existsSync(join(folder, "slots", slotOf(ms), file));
  const saved = async (store: PageStore, key: string) => {
    await store.get(key);
    await store.settled();
  };

  test("serve after a restart while the database is away, except past the end of a consent", async () => {
    await saved(world.store(), "/");
    await saved(world.store(), "/a");
    world.isAway = true;
    world.now += 3_600_000;
    const restarted = world.store();
    await restarted.readCopies();
    expect(await read(restarted, "/")).toBe("<p>/ v1 today</p>");
    world.now = Date.parse("2026-11-25T00:00+09:00");
    const later = world.store();
    await later.readCopies();
    await expect(later.get("/a")).rejects.toThrow("away");
    expect(await read(later, "/")).toBe("<p>/ v1 today</p>");
  });

  test("stand in the slots of nginx through which they are true, and in no other", async () => {
    await saved(world.store(), "/");
    const opening = Date.parse("2026-11-20T10:00+09:00");
    expect(inSlot(world.now, ".html.br")).toBe(true);
    expect(inSlot(opening - 1_000_000, ".html")).toBe(true);
    expect(inSlot(opening, ".html")).toBe(false);
    expect(inSlot(opening + 1_000_000, ".html")).toBe(false);
    const target = join(
      folder,
      "slots",
      slotOf(world.now),
      readlinkSync(join(folder, "slots", slotOf(world.now), ".html")),
    );
    expect(await readFile(target, "utf8")).toBe("<p>/ v1 today</p>");
  });

  test("that cannot be read are as good as none", async () => {
    await saved(world.store(), "/");
    await saved(world.store(), "/b");
    await writeFile(join(folder, "copies/.json"), "{");
    const [whole = ""] = (await readdir(join(folder, "copies"))).filter((name) => /^b\..*\.br$/u.test(name));
    await writeFile(join(folder, "copies", whole), "cut");
    world.isAway = true;
    const restarted = world.store();
    await restarted.readCopies();
    for (const key of ["/", "/b"]) await expect(restarted.get(key)).rejects.toThrow("away");
  });

  test("that could not be written leave no link to the bytes before", async () => {
    const store = world.store();
    await saved(store, "/a");
    expect(inSlot(world.now, "a.html")).toBe(true);
    // Nothing can be written there any more, as on a full disk; links can.
    await rename(join(folder, "copies"), join(folder, "copies-before"));
    await writeFile(join(folder, "copies"), "");
    world.version++;
    store.invalidate();
    expect(await read(store, "/a")).toContain("v2");
    await store.settled();
    const stop = store.start();
    world.now += 1_000_000;
    await expect.poll(() => existsSync(join(folder, "slots", slotOf(world.now - 1_000_000)))).toBe(false);
    await stop();
    await rm(join(folder, "copies"));
    await rename(join(folder, "copies-before"), join(folder, "copies"));
    const target = await readFile(join(folder, "slots", slotOf(world.now), "a.html"), "utf8").catch(() => undefined);
    expect(target).toBeUndefined();
  });

  test("of a page that changed are the new ones alone", async () => {
    const store = world.store();
    await saved(store, "/");
    await saved(store, "/b");
    world.version++;
    store.invalidate();
    await saved(store, "/");
    await saved(store, "/b");
    const files = await readdir(join(folder, "copies"));
    expect(files.filter((name) => /^(?:b)?\.[\w-]{22}\.html$/u.test(name))).toHaveLength(2);
  });

  test("of a withdrawn page are gone, from the slots too", async () => {
    const store = world.store();
    await saved(store, "/b");
    expect(inSlot(world.now, "b.html")).toBe(true);
    world.published.delete("/b");
    store.invalidate();
    expect(await store.get("/b")).toBeUndefined();
    await store.settled();
    expect([
      inSlot(world.now, "b.html"),
      (await readdir(join(folder, "copies"))).some((name) => name.startsWith("b.")),
    ]).toEqual([false, false]);
  });
});
