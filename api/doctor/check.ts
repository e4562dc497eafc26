/** What one check of `doctor` answers, and the world outside that checks ask. */

import { execFile } from "node:child_process";
import { Resolver } from "node:dns/promises";
import { statfs } from "node:fs/promises";
import { promisify } from "node:util";

/** `todo`: something must be done. `warn`: it can wait. `skipped`: it cannot be said from here, or not yet. */
export type CheckState = "ok" | "todo" | "warn" | "skipped";

export interface Check {
  /** Such as `disk.data`, `mail.server`. */
  code: string;
  state: CheckState;
  /** What was found, in Japanese. */
  sentence: string;
  /** What to do, in Japanese; of `todo` and `warn`. */
  todo?: string;
}

export const ok = (code: string, sentence: string): Check => ({ code, state: "ok", sentence });
export const skipped = (code: string, sentence: string): Check => ({ code, state: "skipped", sentence });
export const todo = (code: string, sentence: string, what: string): Check => ({
  ...{ code, state: "todo", sentence },
  todo: what,
});
export const warn = (code: string, sentence: string, what: string): Check => ({
  ...{ code, state: "warn", sentence },
  todo: what,
});

/** What matters only once families come: until then it can wait. */
export const whenReal = (isReal: boolean) => (isReal ? todo : warn);

/** The world outside this process and its database; tests bring their own. */
export interface Outside {
  now: () => Date;
  /** GET without following redirects. Throws what `fetch` throws. */
  get: (url: string) => Promise<Response>;
  /** TXT records of a name. */
  resolveTxt: (name: string) => Promise<string[][]>;
  /** Bytes of the disk on which a folder lies. */
  space: (folder: string) => Promise<{ free: number; total: number }>;
  /** Whether the system keeps this clock right by NTP; undefined where it does not say. */
  isClockKept: () => Promise<boolean | undefined>;
}

export const outside: Outside = {
  now: () => new Date(),
  get: (url) => fetch(url, { redirect: "manual", signal: AbortSignal.timeout(5000) }),
  resolveTxt: (name) => new Resolver({ timeout: 2000, tries: 1 }).resolveTxt(name),
  space: async (folder) => {
    const { bavail, blocks, bsize } = await statfs(folder);
    return { free: bavail * bsize, total: blocks * bsize };
  },
  isClockKept: async () => {
    const command = promisify(execFile)("timedatectl", ["show", "-p", "NTPSynchronized", "--value"], { timeout: 2000 });
    const word = await command.then(
      ({ stdout }) => stdout.trim(),
      () => "",
    );
    return word === "" ? undefined : word === "yes";
  },
};
