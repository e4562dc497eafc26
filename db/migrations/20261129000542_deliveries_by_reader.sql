DROP INDEX "deliveries_lead";
CREATE INDEX "deliveries_subscriber" ON "deliveries" USING btree ("subscriber_id") WHERE "deliveries"."subscriber_id" is not null;
CREATE INDEX "deliveries_lead" ON "deliveries" USING btree ("lead_id") WHERE "deliveries"."lead_id" is not null;