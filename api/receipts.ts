/** What the page after sending says. The URL carries it, signed, so the page needs no database. */
import { eq, sql } from "drizzle-orm";
import { db } from "#db/client.ts";
import { downloadGrants, guides } from "#db/schema/guides.ts";
import { hashToken, readToken, signToken } from "#db/vault.ts";
import { codes, locale, type Locale, replyBy } from "#db/terms.ts";
import { mailDomain } from "#emails/addresses.ts";

export interface Receipt {
  reference: string;
  /** YYYY-MM-DD, Asia/Tokyo. */
  replyByDate: string;
  replyBy: keyof typeof replyBy;
  /** The domain that the family's mail filter has to let through. */
  mailDomain: string;
  /** Where the address looks mistyped: what it probably should end in, or "" (api/slips.ts). */
  slip?: string | undefined;
  /** False when no receipt was mailed this time, since the address had enough of them (emails/limits.ts). */
  mailed: boolean;
  /** The language of the form. */
  locale: Locale;
}

/** Stands in a token where no address looks mistyped; "" there means one that breaks off. */
const noSlip = "-";

/** Stands in a token after the rest when no receipt was mailed. */
const notMailed = "x";

/** URL path of the receipt page. */
export function receiptPath(receipt: Omit<Receipt, "mailDomain" | "mailed"> & { mailed?: boolean }): string {
  const { reference, replyByDate, slip = noSlip, mailed = true } = receipt;
  const said = [reference, replyByDate, receipt.replyBy, slip, receipt.locale, ...(mailed ? [] : [notMailed])];
  return `/consultation/receipt/${signToken("receipt", Buffer.from(said.join("|")))}`;
}

/** What a receipt token says, or undefined if it was not made here. Older ones named neither slip, language nor a mail that was not sent. */
export function receiptOf(token: string): Receipt | undefined {
  const said = readToken("receipt", token)?.toString().split("|");
  const way = codes(replyBy).find((code) => code === said?.[2]);
  if (said?.[0] === undefined || said[1] === undefined || way === undefined) return undefined;
  return {
    reference: said[0],
    replyByDate: said[1],
    replyBy: way,
    mailDomain,
    slip: said[3] === noSlip ? undefined : said[3],
    mailed: said[5] !== notMailed,
    locale: codes(locale).find((code) => code === said[4]) ?? "ja",
  };
}

export interface Download {
  title: string;
  /** "/d/<token>". */
  link: string;
  expiresAt: Date;
  isWithdrawn: boolean;
  /** True when the newsletter box was ticked, so that a confirmation mail is on its way. */
  newsletter: boolean;
  mailDomain: string;
}

/** URL path of the page that hands over a guide. */
export const downloadPath = (token: string, newsletter: boolean) =>
  `/guides/received/${token}${newsletter ? "?newsletter=1" : ""}`;

/** The guide a download token opens, or undefined. `newsletter` comes from the page's own query. */
export async function downloadOf(token: string, newsletter = false): Promise<Download | undefined> {
  const [row] = await db
    .select({
      title: guides.title,
      expiresAt: downloadGrants.expiresAt,
      isWithdrawn: sql<boolean>`${guides.withdrawnAt} is not null`,
    })
    .from(downloadGrants)
    .innerJoin(guides, eq(guides.slug, downloadGrants.guideSlug))
    .where(eq(downloadGrants.tokenHash, hashToken(token)));
  return row && { ...row, link: `/d/${token}`, newsletter, mailDomain };
}
