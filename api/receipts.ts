/** What the page after sending says. The URL carries it, signed, so the page needs no database. */
import { eq, sql } from "drizzle-orm";
import { db } from "#db/client.ts";
import { downloadGrants, guides } from "#db/schema/guides.ts";
import { hashToken, readToken, signToken } from "#db/vault.ts";
import { codes, replyBy } from "#db/terms.ts";
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
}

/** URL path of the receipt page. */
export function receiptPath(receipt: Omit<Receipt, "mailDomain">): string {
  const said = [receipt.reference, receipt.replyByDate, receipt.replyBy];
  if (receipt.slip !== undefined) said.push(receipt.slip);
  return `/consultation/receipt/${signToken("receipt", Buffer.from(said.join("|")))}`;
}

/** What a receipt token says, or undefined if it was not made here. */
export function receiptOf(token: string): Receipt | undefined {
  const said = readToken("receipt", token)?.toString().split("|");
  const way = codes(replyBy).find((code) => code === said?.[2]);
  if (said?.[0] === undefined || said[1] === undefined || way === undefined) return undefined;
  return { reference: said[0], replyByDate: said[1], replyBy: way, mailDomain, slip: said[3] };
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
