/** The totals of an export, which must never be added to its rows. */

import type { AdsColumn, Columns } from "./ads-columns.ts";
import type { Figures } from "./bid.ts";
import { isNothing } from "./cells.ts";
import type { AdsRecord } from "./records.ts";

const totalMark = /^(?:合計|total)\s*[:：]\s*/iu;
/** Labels that Google writes; in a column of typed words any other may have been typed. */
const ownLabel =
  /^(?:アカウント|account|(?:その他の)?検索語句|(?:other |filtered )?search terms|(?:your |filtered )?keywords|(?:表示中の|フィルタ.{0,12})?キーワード|フィルタ.*|filtered .*|キャンペーン|campaigns?|検索|search|ディスプレイ|display|動画|video|p-?max.*|performance max.*|ai max.*)$/iu;
const figureColumns: AdsColumn[] = ["impressions", "clicks", "interactions", "cost", "costMicros", "conversions"];
const segments: AdsColumn[] = ["day", "week", "month", "device"];

const cellOf = ({ cells }: AdsRecord, columns: Columns, column: AdsColumn) => cells[columns[column] ?? -1] ?? "";

/**
 * The label of a total ("アカウント"), or undefined for a row. A total stands in any column before the figures, in
 * segmented exports behind the segment, and never beside a campaign: a typed 「合計: …」 does.
 */
export function totalLabel(record: AdsRecord, columns: Columns): string | undefined {
  const figures = new Set(figureColumns.map((column) => columns[column]));
  const at = record.cells.findIndex((cell, index) => totalMark.test(cell) && !figures.has(index));
  const marked = record.cells[at];
  if (marked === undefined) return undefined;
  const label = marked.replace(totalMark, "");
  const campaign: AdsColumn[] = ["campaign", "campaignId", "baseCampaign"];
  const present = campaign.filter((column) => columns[column] !== undefined && columns[column] !== at);
  if (!present.every((column) => isNothing(cellOf(record, columns, column)))) return undefined;
  const beside: AdsColumn[] = ["keyword", "term", "adGroup"];
  if (at === columns.campaign && !beside.every((column) => isNothing(cellOf(record, columns, column))))
    return undefined;
  const isTyped = present.length === 0 && at !== columns.campaign && (at === columns.term || at === columns.keyword);
  return isTyped && !ownLabel.test(label) ? undefined : label;
}

/** Totals by label. Those of segments (one a day, one a device) are added up, unless the file also has the whole. */
export class AdsTotals {
  readonly #wholes = new Map<string, Figures>();
  readonly #parts = new Map<string, Figures>();

  add(label: string, record: AdsRecord, columns: Columns, figures: Figures): void {
    const isPart = segments.some((column) => {
      const cell = cellOf(record, columns, column);
      return !isNothing(cell) && !totalMark.test(cell);
    });
    const kept = isPart ? this.#parts : this.#wholes;
    const sum = kept.get(label);
    kept.set(label, {
      impressions: (sum?.impressions ?? 0) + figures.impressions,
      clicks: (sum?.clicks ?? 0) + figures.clicks,
      cost: (sum?.cost ?? 0n) + figures.cost,
    });
  }

  /** In the order of the file. */
  all(): Map<string, Figures> {
    return new Map([...this.#parts, ...this.#wholes]);
  }
}
