/** What is published, changed, withdrawn or taken back is so in every process that serves, and after a restart without a database. */

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { nodeEnvironment } from "#api/process/node-options.mjs";
import { dayOf } from "#db/calendar/days.ts";
import { db } from "#db/client.ts";
import { freePort } from "#db/cluster/address.ts";
import { approvals } from "#db/schema/approvals.ts";
import { content, contentRevisions, contentTexts } from "#db/schema/content.ts";
import { refusingDatabase, testDatabaseUrl } from "../database.ts";
import { type Running, startProduct, stopProduct } from "../process.ts";

const folders = [mkdtempSync(join(tmpdir(), "komichi-a-")), mkdtempSync(join(tmpdir(), "komichi-b-"))];
const running: Running[] = [];
let stopLast: (() => void) | undefined;

const start = async (folder: string, url: string) =>
  startProduct({ ROLE: "web", DATABASE_URL: url, DATA_DIR: folder, PORT: String(await freePort()) });

beforeAll(async () => {
  const url = await testDatabaseUrl();
  for (const folder of folders) running.push(await start(folder, url));
}, 120_000);

afterAll(async () => {
  stopLast?.();
  for (const product of running) await stopProduct(product);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const pageOf = async ({ port }: Running, path: string) => (await fetch(`http://localhost:${port}${path}`)).text();

/** Whether the page comes to have the words, or not to have them, in every process within ten seconds. */
async function onAll(path: string, words: string, isThere: boolean): Promise<boolean> {
  for (const product of running) {
    const hasWords = async () =>
      (await pageOf(product, path)).includes(words) === isThere || Promise.reject(new Error(path));
    await vi.waitUntil(() => hasWords().catch(() => false), { timeout: 10_000, interval: 20 });
  }
  return true;
}

const at = new Date();
const contentId = crypto.randomUUID();
const revision = (no: number, words: string) =>
  db
    .insert(contentRevisions)
    .values({ contentId, locale: "ja", no, body: { words, from: "見本の母" }, writtenAt: at, origin: "staff" });
const approve = (revisionNo: number) =>
  db.insert(approvals).values({
    ...{ contentId, locale: "ja", revisionNo, reference: "同意", givenOn: dayOf(at), until: "2099-12-31" },
    ...{ channels: ["site"], recordedAt: new Date() },
  });

test("published, changed, taken back by the family: in both processes", async () => {
  await db
    .insert(content)
    .values({ id: contentId, kind: "voice", slug: "own", position: -1, facts: {}, createdAt: at });
  await revision(1, "やっと言えました。");
  await db.insert(contentTexts).values({ contentId, locale: "ja", publishedNo: 1, publishedAt: at });
  expect(await onAll("/stories", "やっと言えました。", false)).toBe(true);
  await approve(1);
  expect(await onAll("/stories", "やっと言えました。", true)).toBe(true);
  expect(await onAll("/", "やっと言えました。", true)).toBe(true);

  await revision(2, "言えて、よかったです。");
  await db.execute(sql`update content_texts set scheduled_no = 2, publish_at = now() where content_id = ${contentId}`);
  expect(await onAll("/stories", "やっと言えました。", true)).toBe(true);
  await approve(2);
  expect(await onAll("/stories", "言えて、よかったです。", true)).toBe(true);
  expect(await onAll("/stories", "やっと言えました。", false)).toBe(true);

  await db.execute(sql`update approvals set withdrawn_at = now() where content_id = ${contentId}`);
  for (const path of ["/stories", "/", "/sitemap.xml"])
    expect(await onAll(path, "言えて、よかったです。", false)).toBe(true);
});

test("after a restart without a database, the page says what was last published, and not what was taken back", async () => {
  expect(await onAll("/faq", "名前を書かないで相談できますか。", true)).toBe(true);
  for (const product of running.splice(0)) await stopProduct(product);
  const port = await freePort();
  // Never ready without its database: it serves all the same.
  const variables = { ROLE: "web", DATABASE_URL: refusingDatabase, DATA_DIR: folders[0] ?? "", PORT: String(port) };
  const child = spawn(process.execPath, ["api/main.ts"], {
    env: { ...nodeEnvironment, ...process.env, ...variables, PUBLIC_ORIGIN: `http://localhost:${port}`, LOG: "off" },
    stdio: "ignore",
  });
  stopLast = () => child.kill("SIGKILL");
  const fetched = (path: string) =>
    fetch(`http://localhost:${port}${path}`).then(
      (answer) => answer.text(),
      () => "",
    );
  await expect.poll(() => fetched("/stories"), { timeout: 30_000 }).toContain("小学生の母親");
  expect(await fetched("/stories")).not.toContain("言えて、よかったです。");
  expect(await fetched("/faq")).toContain("名前を書かないで相談できますか。");
  expect(await fetched("/news/feed.xml")).toContain("面談室を");
});
