/** Exports as tests write them down, and all of one read at once. */

import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { readAds } from "#analytics/ad-files/ads-file.ts";
import type { AdsRow } from "#analytics/ad-files/bid.ts";
import { sourceOf } from "#analytics/ad-files/source.ts";
import type { Period } from "#analytics/period.ts";

export const folder = new URL("../files/", import.meta.url);
export const sample = (name: string) => readFileSync(new URL(name, folder));

/** All of a file at once. */
export async function readAdsFile(bytes: Uint8Array, options: { period?: Period; now?: Date } = {}) {
  const rows: AdsRow[] = [];
  const { rows: count, ...file } = await readAds(sourceOf("report.csv", bytes), options, async (part) => {
    rows.push(...part);
  });
  expect(count).toBe(rows.length);
  return { ...file, rows };
}
export const read = (text: string, options: { period?: Period; now?: Date } = {}) =>
  readAdsFile(Buffer.from(text), options);
export const yen = (units: number) => BigInt(units) * 1_000_000n;

/** The report of one keyword, with the lines that a test wants to spoil. */
export const report = (changes: { range?: string; heading?: string; rows?: string[] }) =>
  [
    "検索キーワード レポート",
    changes.range ?? "2026年10月1日 - 2026年10月31日",
    changes.heading ?? "キーワード,キャンペーン,広告グループ,表示回数,クリック数,通貨コード,費用",
    ...(changes.rows ?? ['"""長期入院 学校""",岡山,学習,"1,204",9,JPY,"1,431"']),
  ].join("\n");
