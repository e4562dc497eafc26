/** A real browser from an npm package, so that a fresh machine needs none of its own. */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";

const cache = fileURLToPath(new URL("../node_modules/.cache/komichi-chromium", import.meta.url));

/** Unpacks Chromium, with the system libraries it brings along, once; whole or not at all. */
export async function unpackBrowser(): Promise<void> {
  if (existsSync(cache)) return;
  mkdirSync(join(cache, ".."), { recursive: true });
  const fresh = mkdtempSync(`${cache}-`);
  const { TMPDIR, AWS_EXECUTION_ENV } = process.env;
  // The package unpacks into TMPDIR, and its own NSS and expat only where it thinks it is on Lambda.
  Object.assign(process.env, { TMPDIR: fresh, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x" });
  const { default: packed } = await import("@sparticuz/chromium");
  await packed.executablePath();
  restore("TMPDIR", TMPDIR);
  restore("AWS_EXECUTION_ENV", AWS_EXECUTION_ENV);
  if (!existsSync(cache)) renameSync(fresh, cache);
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

/** What a family's phone says it is: "HeadlessChrome" counts as a crawler, whose landings stand apart. */
export const phone = {
  userAgent:
    "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Mobile Safari/537.36",
  viewport: { width: 360, height: 640 },
  locale: "ja-JP",
};

/** Launches it. Uses the machine's own NSS when it has one, else the package's, else Debian's Chromium. */
export async function openBrowser(more: string[] = []): Promise<Browser> {
  await unpackBrowser();
  const executablePath = join(cache, "chromium");
  const isWhole = !spawnSync("ldd", [executablePath], { encoding: "utf8" }).stdout.includes("not found");
  const environment = isWhole ? process.env : { ...process.env, LD_LIBRARY_PATH: join(cache, "al2023/lib") };
  const args = [
    "--no-sandbox",
    "--headless=shell",
    "--no-zygote",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    ...more,
  ];
  try {
    return await chromium.launch({ executablePath, args, env: environment as Record<string, string> });
  } catch (error) {
    if (!existsSync("/usr/bin/chromium")) throw error;
    return chromium.launch({ executablePath: "/usr/bin/chromium", args });
  }
}
