ALTER TABLE "consent_texts" ADD COLUMN "version" text;
ALTER TABLE "consent_texts" ADD COLUMN "kind" text;
ALTER TABLE "consent_texts" ADD COLUMN "locale" text;
ALTER TABLE "consent_texts" ADD COLUMN "replaced_at" timestamp with time zone;
ALTER TABLE "consent_texts" ADD CONSTRAINT "consent_texts_version_unique" UNIQUE("version");