/** The imported files, as their list shows them. */

import { sql } from "drizzle-orm";
import type { Figures } from "#analytics/ad-files/bid.ts";
import { type Coverage, coverageOf } from "#analytics/ad-files/coverage.ts";
import { microsFromDatabase } from "#analytics/money.ts";
import type { Period } from "#analytics/period.ts";
import { db, type Executor } from "#db/client.ts";
import type { AdGranularity, AdPlatform, AdReport } from "#db/terms/attribution.ts";

/** One imported file. */
export interface ImportLine {
  id: string;
  file: string;
  report: AdReport;
  platform?: AdPlatform;
  account: string;
  currency: string;
  timeZone: string;
  period: Period;
  granularity: AdGranularity;
  rows: number;
  sums: Figures;
  /** What the file itself says its totals are, by its own labels. */
  totals: Record<string, Figures>;
  coverage?: Coverage;
  notes: string[];
  importedAt: Date;
  /** Absent: by a command, or by somebody whose account is gone. */
  importedBy?: string;
  /** Present: the import counts nothing any more. */
  undoneAt?: Date;
  undoneBy?: string;
}

/** Figures as a query or a stored JSON returns them: cost is a decimal. */
type FigureColumns = {
  impressions: number | string;
  clicks: number | string;
  cost: string;
};
export const toFigures = ({ impressions, clicks, cost }: FigureColumns): Figures => ({
  impressions: Number(impressions),
  clicks: Number(clicks),
  cost: microsFromDatabase(cost),
});

type ImportRow = Record<
  "id" | "file_name" | "account" | "currency" | "time_zone" | "period_from" | "period_to" | "imported_at",
  string
> &
  FigureColumns & {
    report: AdReport;
    platform: AdPlatform | null;
    granularity: AdGranularity;
    rows: number;
    totals: Record<string, FigureColumns>;
    notes: string[];
    imported_by: string | null;
    undone_at: string | null;
    undone_by: string | null;
  };

/** All imports, newest first; undone ones only where they are asked for. */
export async function listImports(
  options: { withUndone?: boolean } = {},
  executor: Executor = db,
): Promise<ImportLine[]> {
  const found = await executor.execute<ImportRow>(sql`
    select i.id, file_name, report, platform, account, currency, time_zone, period_from::text, period_to::text,
      granularity, totals, rows, impressions::text, clicks::text, cost::text, notes, imported_at, undone_at,
      s.name as imported_by, u.name as undone_by
    from ad_imports i left join staff s on s.id = imported_by left join staff u on u.id = undone_by
    where ${options.withUndone === true ? sql`true` : sql`undone_at is null`}
    order by no desc`);
  return found.map((row) => {
    const sums = toFigures(row);
    const totals = Object.entries(row.totals).map(([label, total]): [string, Figures] => [label, toFigures(total)]);
    return {
      id: row.id,
      file: row.file_name,
      report: row.report,
      platform: row.platform ?? undefined,
      account: row.account,
      currency: row.currency,
      timeZone: row.time_zone,
      period: { from: row.period_from, to: row.period_to },
      granularity: row.granularity,
      rows: row.rows,
      sums,
      totals: Object.fromEntries(totals),
      coverage: coverageOf(sums, totals),
      notes: row.notes,
      importedAt: new Date(row.imported_at),
      importedBy: row.imported_by ?? undefined,
      undoneAt: row.undone_at === null ? undefined : new Date(row.undone_at),
      undoneBy: row.undone_by ?? undefined,
    };
  });
}
