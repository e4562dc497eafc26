/** The advertising platform that a landing came from. */

import { sql } from "drizzle-orm";

/** Other advertising than Google's, by its click id or by what its `utm_source` holds. */
const platforms = [
  { name: "Yahoo! 広告", clickId: "yclid:", source: "yahoo" },
  { name: "Microsoft 広告", clickId: "msclkid:", source: "bing|microsoft" },
];

/** The platform of a landing; undefined: Google's, or unknown. The same rule as `platformSql`. */
export const platformOf = (clickKey: string | undefined, utmSource: string | undefined): string | undefined =>
  platforms.find(
    ({ clickId, source }) => clickKey?.startsWith(clickId) || new RegExp(source, "iu").test(utmSource ?? ""),
  )?.name;

export const platformSql = sql`case ${sql.join(
  platforms.map(
    ({ name, clickId, source }) =>
      sql`when starts_with(click_key, ${clickId}) or utm_source ~* ${source} then ${name}::text`,
  ),
  sql` `,
)} end`;
