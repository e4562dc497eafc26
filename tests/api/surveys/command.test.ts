/** The command that makes page and PDF from a table, and that every process shows what it did. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { loadSite, type Site, warmUp } from "#api/pages/site.ts";
import { surveyCommands } from "#api/surveys/command.ts";
import { followChanges } from "#api/web/server.ts";
import { readAudit } from "#db/audit-trail.ts";
import { db } from "#db/client.ts";
import type { CommandAnswer } from "#db/command.ts";
import { surveys } from "#db/schema/surveys.ts";
import { runCommand } from "../../command.ts";
import { get } from "../requests.ts";
import { encodings, table } from "../survey-tables/tables.ts";

const folder = mkdtempSync(join(tmpdir(), "komichi-surveys-"));
/** As in two processes; the command may be a third. */
const processes: Site[] = [];
const stops: (() => Promise<void>)[] = [];
beforeAll(async () => {
  for (let i = 0; i < 2; i++) {
    const site = await loadSite();
    stops.push(await followChanges(site));
    await warmUp(site);
    processes.push(site);
  }
});
afterAll(async () => {
  for (const stop of stops) await stop();
  rmSync(folder, { recursive: true, force: true });
});

const path = join(folder, "調査.csv");
const write = (lines: string[], changed: Record<string, string> = {}) =>
  writeFileSync(path, encodings(table(lines, changed))["CP932"] ?? "");
const kinds = ["区分,家族,40,", ",学校,20,", ",病院,3,"];

/** The command in this process. */
const run = (words: string[], withdraw?: string, ...flags: string[]): Promise<CommandAnswer> =>
  Promise.resolve(surveyCommands["survey-report"]?.run(words, { withdraw }, new Set(flags)) as Promise<CommandAnswer>);

const textOf = (site: Site, page: string) => site.pages.peek(page)?.bodies.plain.toString() ?? "";
/** Resolves when a page that somebody has opened reads so in every process, without being asked for again. */
const isOnAll = (page: string, expected: (html: string) => boolean) =>
  vi.waitUntil(() => processes.every((site) => expected(textOf(site, page))), { timeout: 20_000, interval: 20 });

test("a dry run prints what it read and stores nothing", async () => {
  write(kinds);
  const { code, out } = await runCommand(["survey-report", path, "--dry-run"]);
  expect(code).toBe(0);
  const said = ["○ 学校へのおたずね", "送った数: 100校、答えた数: 69校（69.0%）", "家族: 40校 58.0%"];
  for (const line of [...said, "まだ公開していません。"]) expect(out).toContain(line);
  expect(out).not.toMatch(/病院: 3|\b3校/u);
  expect(await db.$count(surveys)).toBe(0);
  expect((await get("/surveys")).status).toBe(404);
});

test("what does not add up is refused, and nothing is stored", async () => {
  write(["区分,家族,70,"]);
  const refusals = [expect.stringContaining("設問「区分」の件数を足すと 70 で、答えた数 69 より 1 多くなります。")];
  expect(await run([path])).toMatchObject({ failed: true, value: { file: "調査.csv", refusals } });
  write(["区分,家族,9,"], { 答えた数: "9" });
  expect((await run([path])).lines.join("\n")).toContain("10校より少ない調査は、だれのことか");
  expect((await run([join(folder, "none.csv")])).lines).toEqual(["× none.csv", "   ファイルを開けません。"]);
  expect(() => run([path], "schools")).toThrow("Name a file, or --withdraw and a name.");
  expect(() => run([])).toThrow("Name a file, or --withdraw and a name.");
  expect(await db.$count(surveys)).toBe(0);
});

test("a survey comes to the pages of every process, is replaced by one of its name, and gone when withdrawn", async () => {
  for (const site of processes)
    expect((await site.pages.get("/guides"))?.bodies.plain.toString()).not.toContain("/surveys");
  write(kinds);
  const { code, out } = await runCommand(["survey-report", path, "--json"]);
  expect([code, JSON.parse(out)]).toMatchObject([0, { slug: "schools", published: true, replaced: false, pages: 1 }]);
  await isOnAll("/guides", (html) => html.includes('href="/surveys/schools"'));
  for (const site of processes) {
    expect((await site.pages.get("/surveys/schools"))?.bodies.plain.toString()).toContain("40校");
    expect(await site.pages.get("/surveys")).toBeDefined();
  }

  write(["区分,家族,41,", ",学校,28,"]);
  expect((await run([path])).lines.join("\n")).toContain("前の内容と入れかえて公開しました");
  await isOnAll("/surveys/schools", (html) => html.includes("41校") && !html.includes("40校"));
  expect(await db.$count(surveys)).toBe(1);

  expect(await run([], "schools")).toMatchObject({ lines: ["「schools」を取り下げました。"] });
  await isOnAll("/guides", (html) => html !== "" && !html.includes("/surveys"));
  await isOnAll("/surveys/schools", (html) => html === "");
  for (const page of ["/surveys", "/surveys/schools", "/surveys/schools/report.pdf"])
    expect([page, (await get(page)).status]).toEqual([page, 404]);
  const again = { failed: true, lines: ["「schools」という調査は公開していません。"] };
  expect(await run([], "schools")).toMatchObject(again);
  const done = await readAudit(db, { noun: "survey", nounId: "schools" });
  expect(done.map(({ action }) => action)).toEqual(["publish", "publish", "withdraw"]);
});
