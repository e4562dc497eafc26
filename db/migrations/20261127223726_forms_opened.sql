ALTER TABLE "clicks" ADD COLUMN "form_opened_at" timestamp with time zone;
CREATE INDEX "download_grants_email" ON "download_grants" USING btree ("email_index");