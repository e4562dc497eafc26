/** File sizes as pages show them. */

import type { Locale } from "#db/terms/locale.ts";
import { wordsIn } from "#db/words/words.ts";

/** "約162KB" or "about 3.4 MB": what it costs on a phone. */
export function formatSize(bytes: number, locale: Locale = "ja"): string {
  const gap = locale === "en" ? " " : "";
  const size =
    bytes < 1_000_000
      ? `${Math.max(1, Math.round(bytes / 1024))}${gap}KB`
      : `${(bytes / 1_048_576).toFixed(1)}${gap}MB`;
  return wordsIn(locale).guides.about(size);
}
