/**
 * The stored pages: each is rendered when first asked for, kept until the moment until which it is true or
 * until content changes, and then rendered anew. The copy before serves meanwhile, and while the page cannot
 * be rendered, except from the moment on at which it must not be shown.
 */

import { log, traceOf } from "#db/log.ts";
import { withTimeout } from "#db/timeout.ts";
import { linkCopy, readCopies, removeCopy, removeOldSlots, saveCopy, slotOf } from "./page-files.ts";
import { type Described, pageSnapshot, type Snapshot } from "./snapshot.ts";

/** A page as rendered for everybody. */
export interface Rendered extends Described {
  bytes: Buffer;
}

/** What became of rendering a page. Content that changed meanwhile may or may not be in it: then it is old. */
interface Rendering {
  /** Undefined when there is no such page. */
  snapshot: Snapshot | undefined;
  isOld: boolean;
}

/** Milliseconds that a request waits for the newer page, while an older one may still be shown. */
const refreshTimeoutMs = 250;
/** Milliseconds after which a rendering counts as failed, so that one read that hangs does not hold up all pages. */
const renderTimeoutMs = 10_000;
/** How often expired pages are looked for. */
const tickMs = 500;
/** Milliseconds of `performance.now()` after which a page that could not be rendered is tried again without being asked for. */
const retryMs = 5000;

export class PageStore {
  #snapshots: Map<string, Snapshot> = new Map();
  /** Under way, by key. */
  #rendering = new Map<string, Promise<Rendering>>();
  /** Counts changes of content: a rendering that began before the last one may not show it. */
  #changes = 0;
  #failedAt = new Map<string, number>();
  #refreshing: Promise<void> | undefined;
  #saving = Promise.resolve();
  readonly #render: (key: string) => Promise<Rendered | undefined>;
  readonly #now: () => Date;
  readonly #refreshTimeoutMs: number;

  /** `render` renders the page of a key (api/web/site.ts), undefined when there is none. */
  constructor(
    render: (key: string) => Promise<Rendered | undefined>,
    now: () => Date,
    refreshTimeout = refreshTimeoutMs,
  ) {
    this.#render = render;
    this.#now = now;
    this.#refreshTimeoutMs = refreshTimeout;
  }

  /** The page of this key as it reads now, if it is in memory. */
  peek(key: string): Snapshot | undefined {
    const snapshot = this.#snapshots.get(key);
    if (snapshot === undefined) return undefined;
    const now = this.#now().getTime();
    return snapshot.trueFrom <= now && now < snapshot.trueUntil ? snapshot : undefined;
  }

  /**
   * The page as it reads now; the copy before, when it cannot be rendered or not soon and may still be shown;
   * undefined when there is no such page. Throws what rendering threw.
   */
  async get(key: string): Promise<Snapshot | undefined> {
    const current = this.peek(key);
    if (current) return current;
    const rendering = this.#renderCurrent(key);
    const earlier = this.#snapshots.get(key);
    if (earlier === undefined) return rendering;
    return withTimeout(this.#refreshTimeoutMs, rendering).catch(() => (this.#mayShow(earlier) ? earlier : rendering));
  }

  #mayShow = (snapshot: Snapshot) => this.#now().getTime() < snapshot.showUntil;

  /**
   * A rendering that was under way may have begun before the change for which we ask, or while the database was still away; then
   * one more.
   */
  async #renderCurrent(key: string): Promise<Snapshot | undefined> {
    const wasUnderWay = this.#rendering.has(key);
    const rendered = await this.#renderOnce(key).catch((error: unknown) => {
      if (!wasUnderWay) throw error;
      return undefined;
    });
    if (rendered === undefined) return (await this.#renderOnce(key)).snapshot;
    const { snapshot, isOld } = rendered;
    const isCurrent = snapshot === undefined ? !isOld : this.peek(key) !== undefined;
    return isCurrent ? snapshot : (await this.#renderOnce(key)).snapshot;
  }

  /** One rendering at a time for each page. */
  #renderOnce(key: string): Promise<Rendering> {
    const underWay = this.#rendering.get(key);
    if (underWay) return underWay;
    const rendering = this.#renderNow(key).finally(() => this.#rendering.delete(key));
    this.#rendering.set(key, rendering);
    return rendering;
  }

  async #renderNow(key: string): Promise<Rendering> {
    const changes = this.#changes;
    const rendered = await withTimeout(renderTimeoutMs, this.#render(key));
    if (rendered === undefined) {
      if (this.#snapshots.delete(key)) this.#onDisk(() => removeCopy(key, this.#now()));
      return { snapshot: undefined, isOld: changes !== this.#changes };
    }
    const { bytes, ...described } = rendered;
    const snapshot = await pageSnapshot(bytes, described, this.#snapshots.get(key));
    const isOld = changes !== this.#changes;
    if (isOld) snapshot.trueUntil = 0;
    this.#snapshots.set(key, snapshot);
    this.#failedAt.delete(key);
    if (snapshot.trueUntil > 0) this.#onDisk(() => saveCopy(key, snapshot, this.#now()));
    return { snapshot, isOld };
  }

  /** One change of the copies on disk after the other, so that the last one wins. A failure is logged: the page is in memory. */
  #onDisk(change: () => Promise<void>): void {
    this.#saving = this.#saving.then(change).catch((error: unknown) => log("page.not_saved", traceOf(error)));
  }

  /** Resolves when all that was rendered so far lies on disk. */
  settled(): Promise<void> {
    return this.#saving;
  }

  /** Content has changed: every page is rendered anew. */
  invalidate(): void {
    this.#changes++;
    for (const snapshot of this.#snapshots.values()) snapshot.trueUntil = 0;
    void this.refresh();
  }

  /** Renders every page that is not true now, one after the other; again, when content changes meanwhile. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refreshAll().finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  async #refreshAll(): Promise<void> {
    let changes;
    do {
      changes = this.#changes;
      for (const key of this.#snapshots.keys()) if (!this.peek(key)) await this.#refreshPage(key);
    } while (changes !== this.#changes);
  }

  /** A failure is logged once, and the page tried again a while later. */
  async #refreshPage(key: string): Promise<void> {
    const now = performance.now();
    const failedAt = this.#failedAt.get(key);
    if (failedAt !== undefined && now < failedAt + retryMs) return;
    await this.#renderOnce(key).catch((error: unknown) => {
      if (failedAt === undefined) log("page.not_rendered", traceOf(error));
      this.#failedAt.set(key, now);
    });
  }

  /** Takes up the copies that an earlier process left. They serve until each page is rendered. */
  async readCopies(): Promise<void> {
    for (const [key, snapshot] of await readCopies()) if (!this.#snapshots.has(key)) this.#snapshots.set(key, snapshot);
  }

  /** From now on renders every known page when its moment comes. Returns how to stop, with all copies on disk. */
  start(): () => Promise<void> {
    let slot = slotOf(this.#now());
    const tick = async () => {
      await this.refresh();
      const now = this.#now();
      if (slot === slotOf(now)) return;
      slot = slotOf(now);
      this.#onDisk(async () => {
        for (const [key, snapshot] of this.#snapshots) await linkCopy(key, snapshot, now);
        await removeOldSlots(now);
      });
    };
    const timer = setInterval(
      () => void tick().catch((error: unknown) => log("page.not_refreshed", traceOf(error))),
      tickMs,
    );
    timer.unref();
    return () => {
      clearInterval(timer);
      return this.settled();
    };
  }
}
