/** The languages of the public site. */

/** The languages of the public site, each in its own words. */
export const locale = {
  ja: "日本語",
  easy: "やさしい日本語",
  en: "English",
} as const;

export type Locale = keyof typeof locale;
