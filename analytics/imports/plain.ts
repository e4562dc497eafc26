/** What became of a file, without anything that JSON cannot hold: for scripts, and for the page of an upload. */

import type { Figures } from "#analytics/ad-files/bid.ts";
import { decimalOf } from "#analytics/money.ts";
import type { CampaignChange, Changes } from "./changes.ts";
import type { ImportResult } from "./import.ts";

/** Counts as numbers, money as a decimal string. */
export interface PlainFigures {
  impressions: number;
  clicks: number;
  cost: string;
}

/** One file as JSON; refused files carry their sentences in `refusals` and nothing else. */
export interface ImportedFile extends Pick<
  ImportResult,
  | "file"
  /** For `--undo`; absent after a dry run. */
  | "id"
  | "report"
  | "platform"
  | "account"
  | "currency"
  /** IANA name: whose days the dates are. */
  | "timeZone"
  | "isNewAccount"
  | "otherAccounts"
  | "period"
  | "granularity"
  | "rows"
> {
  refusals: string[];
  sums?: PlainFigures;
  totals?: Record<string, PlainFigures>;
  /** The file's widest total minus its rows. */
  remainder?: PlainFigures & { of: string };
  /** Per cent of that total's clicks that the rows hold. */
  coverage?: number;
  changes?: PlainChange[];
  /** The same on all other days together. */
  changesOutside?: PlainChange[];
  notes?: string[];
}

/** What counts of campaigns before and after: in the file's period, and on all other days together. */
export interface PlainChanges {
  changes: PlainChange[];
  changesOutside: PlainChange[];
}

/** What counts of a campaign, before and after. */
export interface PlainChange {
  campaign: string;
  before: PlainFigures;
  after: PlainFigures;
}

const plainFigures = (currency: string) => (figures: Figures) => ({
  impressions: figures.impressions,
  clicks: figures.clicks,
  cost: decimalOf(figures.cost, currency),
});

export function plainChanges({ inside, outside }: Changes, currency: string): PlainChanges {
  const plain = plainFigures(currency);
  const plainOne = ({ campaign, before, after }: CampaignChange) => ({
    campaign,
    before: plain(before),
    after: plain(after),
  });
  return { changes: inside.map(plainOne), changesOutside: outside.map(plainOne) };
}

/** The sentence on a new account beside others; undefined where there is no doubt. */
export const accountDoubt = ({ account = "", otherAccounts = [] }: ImportedFile): string | undefined =>
  otherAccounts.length === 0
    ? undefined
    : `「${account}」は、はじめてのアカウントです。これまでに取り込んだ${otherAccounts.map((one) => `「${one}」`).join("")}と同じ広告のアカウントなら、同じ名前にしてください。名前が違うと、同じ費用を二重に数えます。`;

export function plainOf(result: ImportResult): ImportedFile {
  if (result.refusal !== undefined) return { file: result.file, refusals: [result.refusal] };
  const { file, id, report, account, currency = "", period, granularity, rows, sums, totals = {}, coverage } = result;
  const plain = plainFigures(currency);
  return {
    file,
    refusals: [],
    id,
    report,
    platform: result.platform,
    account,
    currency,
    timeZone: result.timeZone,
    isNewAccount: result.isNewAccount,
    otherAccounts: result.otherAccounts,
    period,
    granularity,
    rows,
    sums: sums && plain(sums),
    totals: Object.fromEntries(Object.entries(totals).map(([label, figures]) => [label, plain(figures)])),
    remainder: coverage && { of: coverage.of, ...plain(coverage.remainder) },
    coverage: coverage?.percent,
    ...plainChanges(result.changes ?? { inside: [], outside: [] }, currency),
    notes: result.notes ?? [],
  };
}
