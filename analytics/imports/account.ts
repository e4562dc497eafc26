/** Whose cost a file is: account, currency and time zone, and what must not meet. */

import { and, eq, isNull, sql } from "drizzle-orm";
import type { AdsHead } from "#analytics/ad-files/ads-file.ts";
import { NeedsChoice } from "#analytics/ad-files/needs-choice.ts";
import type { Executor } from "#db/client.ts";
import { Refused } from "#db/errors.ts";
import { adImports } from "#db/schema/attribution.ts";
import { adPlatform } from "#db/terms/attribution.ts";

/** What somebody said of the file's account; all of it may be left open. */
export interface AccountChoice {
  account?: string;
  /** ISO 4217, for a file that does not say it. */
  currency?: string;
  /** IANA name. Remembered from the account's last import; Asia/Tokyo for a new one. */
  timeZone?: string;
}

/** Whose cost a file is. */
export interface Account {
  account: string;
  currency: string;
  timeZone: string;
  /** No import of the account stands. */
  isNew: boolean;
  /** Of a new one: the platform's other accounts in its currency, one of which may be the same under another name. */
  others: string[];
}

/** Throws Refused for a file without a currency, and where the account has another currency or platform. */
export async function accountOf(tx: Executor, head: AdsHead, choice: AccountChoice): Promise<Account> {
  const currency = currencyOf(head, choice.currency);
  const platform = head.platform ? adPlatform[head.platform] : "Google 広告";
  const account = choice.account?.trim() || head.customer || `${platform}（${currency}）`;
  const [known] = await tx
    .select()
    .from(adImports)
    .where(and(eq(adImports.account, account), isNull(adImports.undoneAt)))
    .orderBy(sql`${adImports.no} desc`)
    .limit(1);
  if (known && known.currency !== currency)
    throw new NeedsChoice(
      `アカウント「${account}」の通貨はこれまで ${known.currency} でした。${currency} のファイルは、別のアカウント名を付けて取り込んでください（--account）。`,
    );
  if (known && (known.platform ?? undefined) !== head.platform)
    throw new NeedsChoice(
      `アカウント「${account}」はこれまで${known.platform ? adPlatform[known.platform] : "Google 広告"}でした。${platform}のファイルは、別のアカウント名を付けて取り込んでください（--account）。`,
    );
  const timeZone = choice.timeZone?.trim() || known?.timeZone || "Asia/Tokyo";
  if (!isTimeZone(timeZone))
    throw new NeedsChoice(`「${timeZone}」というタイムゾーンはありません。Asia/Tokyo のように書いてください。`);
  const others = known ? [] : await othersLike(tx, head, currency);
  return { account, currency, timeZone, isNew: !known, others };
}

async function othersLike(tx: Executor, { platform }: AdsHead, currency: string): Promise<string[]> {
  const rows = await tx
    .select({ account: adImports.account })
    .from(adImports)
    .where(
      and(
        isNull(adImports.undoneAt),
        eq(adImports.currency, currency),
        platform ? eq(adImports.platform, platform) : isNull(adImports.platform),
      ),
    )
    .groupBy(adImports.account)
    .orderBy(adImports.account)
    .limit(20);
  return rows.map(({ account }) => account);
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

function currencyOf(head: AdsHead, option: string | undefined): string {
  const currency = (head.currency ?? option ?? "").trim().toUpperCase();
  if (currency === "")
    throw new NeedsChoice(
      "通貨が分かりません。ファイルに通貨コードの列がないので、通貨（JPY など）を指定してください（--currency JPY）。",
    );
  if (!/^[A-Z]{3}$/u.test(currency)) throw new NeedsChoice(`「${currency}」は通貨コードではありません。`);
  return currency;
}

/** Throws Refused for a file that counts already, under whatever name and account. */
export async function refuseKnown(tx: Executor, fileHash: string): Promise<void> {
  const [same] = await tx
    .select()
    .from(adImports)
    .where(and(eq(adImports.fileHash, fileHash), isNull(adImports.undoneAt)));
  if (same) throw new Refused(`このファイルは「${same.fileName}」として取り込み済みです。二重には数えません。`);
}
