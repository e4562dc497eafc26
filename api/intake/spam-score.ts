/**
 * How odd a request looks. A score only orders the inbox ("check first"); nothing is ever dropped,
 * because one parent's request wrongly thrown away costs more than all the spam together.
 */

import type { Locale } from "#db/terms/locale.ts";

interface Signals {
  message: string;
  /** What stood in the field that people do not see. */
  honeypot: string | undefined;
  /** `newFormKey` of api/web/pieces.ts, whose head is the moment the form was shown. */
  key: string | undefined;
  now: Date;
  /** Language of the form: whoever is invited to write English is not odd for doing so. */
  locale: Locale;
}

/** 0 (nothing odd) to 5. */
export function spamScore({ message, honeypot, key, now, locale }: Signals): number {
  const links = message.match(/https?:\/\//giu)?.length ?? 0;
  const shownAt = Number.parseInt(key?.split("-")[0] ?? "", 36);
  const tooFast = key !== undefined && /^[0-9a-z]{8}-[\w-]{16}$/u.test(key) && now.getTime() - shownAt < 3000;
  const isForeign =
    locale !== "en" && message.length > 20 && !/[\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Han}]/u.test(message);
  return (honeypot ? 2 : 0) + (links > 2 ? 2 : links > 0 ? 1 : 0) + (tooFast ? 1 : 0) + (isForeign ? 1 : 0);
}
