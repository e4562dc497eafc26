CREATE TABLE "visits" (
	"key" "bytea" PRIMARY KEY NOT NULL,
	"click_id" uuid NOT NULL,
	"last_at" timestamp with time zone NOT NULL
);

ALTER TABLE "clicks" ADD COLUMN "utm_id" text;
ALTER TABLE "clicks" ADD COLUMN "is_ad" boolean DEFAULT true NOT NULL;
ALTER TABLE "clicks" ADD COLUMN "first_id" uuid;
ALTER TABLE "clicks" ADD COLUMN "prefetched" boolean DEFAULT false NOT NULL;
ALTER TABLE "clicks" ADD COLUMN "missing_page" boolean DEFAULT false NOT NULL;

-- by hand
-- Losing the visits of a moment in a crash costs at most a landing counted twice.
alter table visits set unlogged;

-- Landings of before: an advertisement by the rule of analytics/clicks/attribution.ts, as far as it was stored.
update clicks set is_ad = false
where click_key is null and extras = '{}' and num_nonnulls(campaign_id, ad_group_id, target_id) = 0
  and (keyword is null or keyword is not distinct from utm_term)
  and keyword_missing is distinct from 'literal'
  and coalesce(utm_medium, '') !~* '^(.*cp.*|ppc|retargeting|paid.*|display|banner|expandable|interstitial)$'
  and num_nonnulls(utm_source, utm_medium, utm_campaign, utm_term, utm_content) > 0;
