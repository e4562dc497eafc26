/** The advertising platform that a landing came from. */

import { sql } from "drizzle-orm";

/** Other advertising than Google's, by its click id or by what its `utm_source` holds. */
const platforms = [
  { name: "Yahoo! 広告", clickId: "yclid:", source: "yahoo" },
  { name: "Microsoft 広告", clickId: "msclkid:", source: "bing|microsoft" },
].map((platform) => ({ ...platform, pattern: new RegExp(platform.source, "iu") }));

/** The platform of a landing; undefined: Google's, or unknown. The same rule as `platformSql`. */
export const platformOf = (clickKey: string | undefined, utmSource: string | undefined): string | undefined =>
  platforms.find(({ clickId, pattern }) => clickKey?.startsWith(clickId) || pattern.test(utmSource ?? ""))?.name;

export const platformSql = sql`case ${sql.join(
  platforms.map(
    ({ name, clickId, source }) =>
      sql`when starts_with(click_key, ${clickId}) or utm_source ~* ${source} then ${name}::text`,
  ),
  sql` `,
)} end`;
