/** What the page after sending says. The URL carries it, signed, so the page needs no database. */

import { codes } from "#db/terms/codes.ts";
import { replyBy } from "#db/terms/consultation.ts";
import { locale, type Locale } from "#db/terms/locale.ts";
import { readToken, signToken } from "#db/vault/tokens.ts";
import { mailDomain } from "#emails/addresses.ts";

export interface Receipt {
  reference: string;
  /** YYYY-MM-DD, Asia/Tokyo. */
  replyByDate: string;
  replyBy: keyof typeof replyBy;
  /** The domain that the family's mail filter has to let through. */
  mailDomain: string;
  /** Where the address looks mistyped: what it probably should end in, or "" (api/intake/email-typos.ts). */
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
