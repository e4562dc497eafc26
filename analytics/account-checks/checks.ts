/** What to set right in the advertising account, as far as clicks and landings show it. */

import type { Period } from "#analytics/period.ts";
import { allow, type Staff } from "#db/actor.ts";
import { type CampaignDay, clicksAndLandings } from "./clicks-and-landings.ts";
import {
  type Fault,
  literalPlaceholders,
  missingPages,
  type MissingPage,
  type MissingSuffix,
  missingSuffixes,
} from "./landing-faults.ts";

/**
 * Fewer of a campaign's clicks arriving than this share is a fault. Some always get lost: people close the page
 * before it loads, the day of the account may begin at another hour than ours, and one person who clicks twice within
 * half an hour without a click id is one landing. Those together stay well under a fifth.
 */
export const arrivingShare = 0.8;

/** Clicks (or landings, where those are the more) below which nothing is said: of few, a fifth missing is chance. */
export const fewestCompared = 20;

/** Landings with the same fault below which nothing is said: one old bookmark or a preview of an advertisement makes a few. */
export const fewestFaults = 5;

/** Most days shown of one campaign, the newest. */
export const mostDays = 14;

export interface Compared {
  clicks: number;
  landings: number;
}

export interface CampaignCheck extends Compared {
  account: string;
  campaignId: string;
  campaign: string;
  /** The days (YYYY-MM-DD) on which by themselves too much is missing, newest first. */
  days: (Compared & { day: string })[];
}

/** Of a campaign, with its name where an import of the period has it. */
export type Named<T extends Fault> = T & { campaign?: string | undefined };

export interface AccountChecks {
  period: Period;
  /** Of how many campaigns and days clicks and landings were compared. */
  compared: { campaigns: number; days: number };
  /** Accounts whose daily rows have no campaign id, so that their clicks cannot be compared. */
  withoutIds: string[];
  /** Campaigns of whose clicks too few arrived, those that miss most first. */
  lost: CampaignCheck[];
  /** Campaigns with more landings than clicks were charged for, in the same order. */
  unpaid: CampaignCheck[];
  /** Campaigns that landings name, and no import of the days compared. */
  unknown: { campaignId: string; landings: number }[];
  suffixes: Named<MissingSuffix>[];
  placeholders: Named<Fault>[];
  missing: { rows: Named<MissingPage>[]; others: number };
}

/** For managers and analysts: sums only, and addresses of pages, which are text of strangers. Days are those of Asia/Tokyo. */
export async function accountChecks(staff: Staff, period: Period): Promise<AccountChecks> {
  allow(staff, "manager", "analyst");
  const rows = await clicksAndLandings(period, fewestCompared);
  const campaigns = campaignsOf(rows);
  const names = new Map(campaigns.map(({ campaignId, campaign }) => [campaignId, campaign]));
  const named = <T extends Fault>(fault: T): Named<T> => ({ ...fault, campaign: names.get(fault.campaignId ?? "") });
  const [suffixes, placeholders, missing] = await Promise.all([
    missingSuffixes(period, fewestFaults),
    literalPlaceholders(period, fewestFaults),
    missingPages(period, [...names.keys()]),
  ]);
  return {
    period,
    compared: { campaigns: campaigns.length, days: new Set(campaigns.flatMap((c) => c.rows.map((r) => r.day))).size },
    withoutIds: [...new Set(rows.flatMap((row) => (row.account && row.campaignId === null ? [row.account] : [])))],
    lost: mostFirst(campaigns.flatMap((campaign) => checkOf(campaign, lostOf))),
    unpaid: mostFirst(campaigns.flatMap((campaign) => checkOf(campaign, unpaidOf))),
    unknown: rows.flatMap(({ account, campaignId, landings }) =>
      account === null && campaignId !== null && /^\d{1,20}$/u.test(campaignId) ? [{ campaignId, landings }] : [],
    ),
    suffixes: suffixes.map(named),
    placeholders: placeholders.map(named),
    missing: { rows: missing.rows.map(named), others: missing.others },
  };
}

/** Where most clicks or landings lack their counterpart is what to set right first. */
const mostFirst = (checks: CampaignCheck[]): CampaignCheck[] => {
  const missing = ({ clicks, landings }: Compared) => Math.abs(clicks - landings);
  return checks.toSorted((a, b) => missing(b) - missing(a));
};

interface Campaign {
  account: string;
  campaignId: string;
  campaign: string;
  rows: CampaignDay[];
}

/** The rows of each campaign that can be compared, in the order they came. */
function campaignsOf(rows: CampaignDay[]): Campaign[] {
  const found = new Map<string, Campaign>();
  for (const row of rows) {
    const { account, campaignId, campaign } = row;
    if (account === null || campaignId === null) continue;
    const key = JSON.stringify([account, campaignId]);
    const same = found.get(key) ?? { account, campaignId, campaign: campaign ?? "", rows: [] };
    same.rows.push(row);
    found.set(key, same);
  }
  return [...found.values()];
}

/** How a sum over days is compared: the figures shown, and which of the two should have matched the other. */
interface Rule {
  compared: Compared;
  is: boolean;
}

type Check = (sum: Pick<CampaignDay, "clicks" | "landings" | "keywordLandings">) => Rule;

const lostOf: Check = ({ clicks, landings }) => ({
  compared: { clicks, landings },
  is: clicks >= fewestCompared && landings < arrivingShare * clicks,
});

/** Only landings with a keyword: a keyword report holds no clicks of the others. */
const unpaidOf: Check = ({ clicks, keywordLandings: landings }) => ({
  compared: { clicks, landings },
  is: landings >= fewestCompared && clicks < arrivingShare * landings,
});

/** The campaign with its days, when the rule applies to all its days together or to one by itself. */
function checkOf({ rows, ...campaign }: Campaign, check: Check): CampaignCheck[] {
  const sum = { clicks: 0, landings: 0, keywordLandings: 0 };
  for (const row of rows)
    for (const field of ["clicks", "landings", "keywordLandings"] as const) sum[field] += row[field];
  const days = rows.flatMap((row) => {
    const { compared, is } = check(row);
    return is && row.day !== null ? [{ day: row.day, ...compared }] : [];
  });
  const { compared, is } = check(sum);
  if (!is && days.length === 0) return [];
  return [{ ...campaign, ...compared, days: days.toReversed().slice(0, mostDays) }];
}
