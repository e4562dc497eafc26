/** placeholder until db/municipalities */
import type { Locale } from "#db/terms/locale.ts";

export const prefectureName = (code: string, locale: Locale): string =>
  code === "33" ? (locale === "en" ? "Okayama Prefecture" : "岡山県") : "";
