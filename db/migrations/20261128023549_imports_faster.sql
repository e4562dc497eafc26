ALTER TABLE "spend_months" DROP CONSTRAINT "spend_months_bid_id_bids_id_fk";

ALTER TABLE "spend_spans" DROP CONSTRAINT "spend_spans_bid_id_bids_id_fk";

ALTER TABLE "spend_spans" DROP CONSTRAINT "spend_spans_import_no_ad_imports_no_fk";

ALTER TABLE "ad_uploads" ADD COLUMN "step" text DEFAULT 'waiting' NOT NULL;
ALTER TABLE "ad_uploads" ADD COLUMN "needs_choice" boolean DEFAULT false NOT NULL;
CREATE INDEX "clicks_first" ON "clicks" USING btree ("first_id") WHERE "clicks"."first_id" is not null;