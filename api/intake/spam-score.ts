/**
 * Spam score of a request. It only orders the inbox ("check first"); nothing is ever dropped, because one
 * parent's request wrongly thrown away costs more than all the spam together.
 */

import type { Locale } from "#db/terms/locale.ts";

interface Signals {
  message: string;
  /** Value of the honeypot field, which people do not see. */
  honeypot: string | undefined;
  /** The form's own key (`newFormKey` of api/web/pieces.ts), which begins with the time the form was shown. */
  key: string | undefined;
  now: Date;
  /** Language of the form: only the Japanese one does not invite other languages. */
  locale: Locale;
}

/** 0 (no signal) to 6. */
export function spamScore({ message, honeypot, key, now, locale }: Signals): number {
  const links = message.match(/https?:\/\//giu)?.length ?? 0;
  const shownAt = Number.parseInt(key?.split("-")[0] ?? "", 36);
  const tooFast = key !== undefined && /^[0-9a-z]{8}-[\w-]{16}$/u.test(key) && now.getTime() - shownAt < 3000;
  const isForeign =
    locale === "ja" && message.length > 20 && !/[\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Han}]/u.test(message);
  return (honeypot ? 2 : 0) + (links > 2 ? 2 : links > 0 ? 1 : 0) + (tooFast ? 1 : 0) + (isForeign ? 1 : 0);
}
