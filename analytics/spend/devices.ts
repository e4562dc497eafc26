/** What counts of a period by device, where files divide their days by it. */

import { sql } from "drizzle-orm";
import type { Figures } from "#analytics/ad-files/bid.ts";
import type { Period } from "#analytics/period.ts";
import { db } from "#db/client.ts";
import type { device } from "#db/terms/attribution.ts";
import { accounts } from "./counted.ts";
import { toFigures } from "./imports.ts";

type Device = keyof typeof device;

/** As Google Ads, Yahoo! 広告 and Microsoft Advertising name devices, in Japanese and English. Tablets first: some are "mobile" too. */
const names: [Device, RegExp][] = [
  ["t", /tablet|タブレット/iu],
  ["m", /mobile|phone|モバイル|携帯|スマートフォン/iu],
  ["c", /computer|desktop|^pc$|パソコン/iu],
];

/** The device that a file names; undefined for one without landings of its own, such as テレビ画面. */
const deviceOf = (name: string): Device | undefined => names.find(([, pattern]) => pattern.test(name))?.[0];

/** Of one device in one currency. */
export interface DeviceSpend extends Figures {
  device: Device;
  currency: string;
}

/** Of single days only: what counts of sums over several days is not kept by device. */
export async function spendByDevice({ from, to }: Period): Promise<DeviceSpend[]> {
  const [days, terms] = ["ad_spend", "search_terms"].map(
    (table) => sql`
      select bid_id, device, impressions, clicks, cost from ${sql.raw(table)}
      where date_from >= date_to and counted and device is not null and date_from between ${from}::date and ${to}::date`,
  );
  const rows = await db.execute<{
    device: string;
    currency: string;
    impressions: string;
    clicks: string;
    cost: string;
  }>(sql`
    select s.device, a.currency, sum(impressions)::text as impressions, sum(clicks)::text as clicks, sum(cost)::text as cost
    from (${days} union all ${terms}) s join bids b on b.id = s.bid_id join ${accounts} a using (account)
    group by 1, 2 order by 1, 2`);
  return rows.flatMap(({ device, currency, ...figures }) => {
    const code = deviceOf(device);
    return code === undefined ? [] : [{ device: code, currency, ...toFigures(figures) }];
  });
}
