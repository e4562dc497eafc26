/** Exports, clicks and leads as tests write them down. */

import { randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import { type ImportResult, importAds } from "#analytics/imports/import.ts";
import type { Staff } from "#db/actor.ts";
import { db } from "#db/client.ts";
import { clicks } from "#db/schema/attribution.ts";
import { leads } from "#db/schema/leads.ts";

export const analyst: Staff = {
  id: "019a0000-0000-7000-8000-000000000001",
  name: "分析 花子",
  email: "bunseki@example.jp",
  role: "analyst",
};

/** Leaves the database as a new installation has it, but for the staff. */
export async function empty(): Promise<void> {
  await db.execute(sql`delete from leads`);
  await db.execute(sql`delete from clicks`);
  await db.execute(sql`delete from ad_imports`);
  for (const table of ["bids", "ad_spend", "search_terms", "spend_months", "spend_spans"])
    await db.execute(sql`delete from ${sql.raw(table)}`);
}

/** An export with these headings and rows, for October 2026 unless said otherwise. */
export function exported(headings: string, rows: string[], range = "2026年10月1日 - 2026年10月31日"): string {
  return [`レポート`, range, headings, ...rows].join("\n");
}

/** Imports one text as a file; the result, refused or not. */
export async function take(
  text: string,
  options: { account?: string; currency?: string; timeZone?: string; name?: string } = {},
): Promise<ImportResult> {
  const name = options.name ?? "report.csv";
  const [result] = await importAds([{ name, bytes: Buffer.from(text) }], options);
  if (!result) throw new Error("no result");
  return result;
}

type Click = Partial<typeof clicks.$inferInsert>;

/** Stores a landing on a day at noon in Tokyo, or at the instant given; its id. */
export async function landed(at: string, said: Click): Promise<string> {
  const landedAt = new Date(at.includes("T") ? at : `${at}T12:00:00+09:00`);
  const [row] = await db
    .insert(clicks)
    .values({ path: "/", keywordMissing: said.keyword === undefined ? "absent" : null, ...said, landedAt })
    .returning({ id: clicks.id });
  if (!row) throw new Error("no click");
  return row.id;
}

/** Stores a lead on a day at noon in Tokyo, or at the instant given. */
export async function wrote(
  at: string,
  clickId: string | null,
  kind: "consultation" | "download" | "subscription" = "consultation",
  spamScore = 0,
): Promise<void> {
  const receivedAt = new Date(at.includes("T") ? at : `${at}T12:00:00+09:00`);
  const reference = kind === "consultation" ? randomBytes(6).toString("hex") : null;
  await db.insert(leads).values({ kind, channel: "form", clickId, receivedAt, spamScore, reference });
}
