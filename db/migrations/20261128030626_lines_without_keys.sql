ALTER TABLE "ad_spend" DROP CONSTRAINT "ad_spend_import_no_ad_imports_no_fk";

ALTER TABLE "ad_spend" DROP CONSTRAINT "ad_spend_bid_id_bids_id_fk";

ALTER TABLE "search_terms" DROP CONSTRAINT "search_terms_import_no_ad_imports_no_fk";

ALTER TABLE "search_terms" DROP CONSTRAINT "search_terms_bid_id_bids_id_fk";

-- by hand
-- Each new bid is updated once, when it is known which others are the same: on the same page, so that no index changes.
alter table "bids" set (fillfactor = 45);
