/**
 * Importing exports of 200,000 rows from a file, each on a database of its own: seconds, the memory that the process
 * grew by at most, and the longest time in which it answered nobody. Prints one JSON line.
 */

import { once } from "node:events";
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { finished } from "node:stream/promises";
import { importAds } from "#analytics/imports/import.ts";
import { undoImport } from "#analytics/imports/undo.ts";
import { dayAfter } from "#db/calendar/days.ts";
import { connect, disconnect } from "#db/client.ts";
import { joinCluster } from "#db/cluster/cluster.ts";
import { env } from "#db/env.ts";
import { migrate } from "#db/migrate.ts";

const rows = Number(process.argv[2] ?? 200_000);
const days = 100;
const folder = mkdtempSync(join(tmpdir(), "komichi-imports-"));

/** An export as Google writes it, with all the columns of its screen. */
async function write(name: string, kind: "days" | "terms" | "sum"): Promise<string> {
  const path = join(folder, name);
  const out = createWriteStream(path);
  const last = dayAfter("2026-01-01", days - 1);
  const day = kind === "sum" ? "" : "日,";
  out.write(
    `検索キーワード レポート\n2026-01-01 - ${last}\n${day}${kind === "terms" ? "検索語句," : ""}キーワード ID,検索キーワード,検索キーワードのマッチタイプ,キャンペーン ID,キャンペーン,広告グループ ID,広告グループ,表示回数,クリック数,通貨コード,費用,コンバージョン,コンバージョン率,平均クリック単価,クリック率\n`,
  );
  for (let n = 0; n < rows; n++) {
    const keyword = kind === "sum" ? n : n % (rows / days);
    const when = kind === "sum" ? "" : `${dayAfter("2026-01-01", Math.floor(n / (rows / days)))},`;
    const term = kind === "terms" ? `子ども 入院 学校 ${n},` : "";
    const line = `${when}${term}${311_000_000_000 + keyword},"""長期入院 子ども 勉強 ${keyword}""",フレーズ一致,1990000${keyword % 5},岡山_検索_${keyword % 5},29900000${keyword % 50},学習支援_${keyword % 50},"1,${String(n % 1000).padStart(3, "0")}",${n % 40},JPY,${n % 3000},0.00,0.00%,120,3.33%\n`;
    if (!out.write(line)) await once(out, "drain");
  }
  out.end();
  await finished(out);
  return path;
}

/** `file`: 2,000 keywords by 100 days, as many different search terms, or as many keywords with one sum each. */
export interface MeasuredImport {
  file: "days" | "terms" | "sum";
  rows: number;
  seconds: number;
  rowsPerSecond: number;
  extraMb: number;
  longestPauseMs: number;
  undoSeconds?: number;
}

async function measureImport(name: string, kind: MeasuredImport["file"]): Promise<MeasuredImport> {
  const path = await write(name, kind);
  global.gc?.();
  const before = process.memoryUsage.rss();
  let peak = before;
  const sampler = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 10);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const since = performance.now();
  const [result] = await importAds([{ name, open: () => createReadStream(path) }], { account: kind });
  const seconds = Math.round(performance.now() - since) / 1000;
  clearInterval(sampler);
  delay.disable();
  if (result?.refusal !== undefined || result?.rows !== rows) throw new Error(result?.refusal ?? "rows are missing");
  const undoSince = performance.now();
  if (kind === "sum") await undoImport(null, result.id ?? "");
  return {
    ...{ file: kind, rows, seconds, rowsPerSecond: Math.round(rows / seconds) },
    extraMb: Math.round((peak - before) / 1024 / 1024),
    longestPauseMs: Math.round(delay.max / 1e6),
    ...(kind === "sum" && { undoSeconds: Math.round(performance.now() - undoSince) / 1000 }),
  };
}

const cluster = await joinCluster(env.DATA_DIR);
await migrate(cluster.url);
connect(cluster.url, { pool: 2 });
const measured = [];
for (const kind of ["days", "terms", "sum"] as const) measured.push(await measureImport(`${kind}.csv`, kind));
process.stdout.write(`${JSON.stringify(measured)}\n`);
await disconnect();
await cluster.leave();
rmSync(folder, { recursive: true, force: true });
