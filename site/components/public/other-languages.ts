/** The languages whose pages stand under a prefix of their own: /easy/…, /en/…. */

import type { Locale } from "#db/terms/locale.ts";

const others: Locale[] = ["easy", "en"];

/** The `getStaticPaths` of pages/[locale]; each page needs an array of its own. */
export const otherLanguages = () => others.map((locale) => ({ params: { locale }, props: { locale } }));
