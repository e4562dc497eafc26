/** The receipt page after sending. Its URL holds the receipt, signed, so that the page needs no database. */

import { type Asker, askerIn } from "#db/terms/askers.ts";
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
  /** Suggested domain where the mail address looks mistyped, or "" (api/intake/email-typos.ts). */
  slip?: string | undefined;
  /** False when no receipt was mailed this time, since the address had enough of them (emails/limits.ts). */
  mailed: boolean;
  /** The language of the form. */
  locale: Locale;
  /** Whose form it was. */
  asker: Asker;
}

/** In a token: no typo suspected. ("" there means an incomplete domain.) */
const noTypo = "-";

/** In a token: no receipt was mailed. */
const notMailed = "x";

/** URL path of the receipt page. */
export function receiptPath(
  receipt: Omit<Receipt, "mailDomain" | "mailed" | "asker"> & { mailed?: boolean; asker?: Asker },
): string {
  const { reference, replyByDate, slip = noTypo, mailed = true, asker = "family" } = receipt;
  const parts = [reference, replyByDate, receipt.replyBy, slip, receipt.locale, mailed ? "" : notMailed, asker];
  return `/consultation/receipt/${signToken("receipt", Buffer.from(parts.join("|")))}`;
}

/** The receipt in a token, or undefined if we did not sign it. Tokens of older releases lack typo, language, `notMailed` and asker. */
export function receiptOf(token: string): Receipt | undefined {
  const parts = readToken("receipt", token)?.toString().split("|");
  const replyChoice = codes(replyBy).find((code) => code === parts?.[2]);
  if (parts?.[0] === undefined || parts[1] === undefined || replyChoice === undefined) return undefined;
  return {
    reference: parts[0],
    replyByDate: parts[1],
    replyBy: replyChoice,
    mailDomain: mailDomain(),
    slip: parts[3] === noTypo ? undefined : parts[3],
    mailed: parts[5] !== notMailed,
    locale: codes(locale).find((code) => code === parts[4]) ?? "ja",
    asker: askerIn({ asker: parts[6] }),
  };
}
