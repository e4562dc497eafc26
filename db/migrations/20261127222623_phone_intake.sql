ALTER TABLE "consultations" ALTER COLUMN "consent" DROP NOT NULL;
ALTER TABLE "consultations" ADD COLUMN "heard_words" "bytea";
ALTER TABLE "consultations" ADD COLUMN "consent_asked_by" uuid;
ALTER TABLE "consultations" ADD COLUMN "consent_asked_at" timestamp with time zone;
ALTER TABLE "consultations" ADD COLUMN "consent_reminder_id" uuid;
ALTER TABLE "consultations" ADD CONSTRAINT "consultations_consent_asked_by_staff_id_fk" FOREIGN KEY ("consent_asked_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "consultations" ADD CONSTRAINT "consultations_consent_reminder_id_reminders_id_fk" FOREIGN KEY ("consent_reminder_id") REFERENCES "public"."reminders"("id") ON DELETE no action ON UPDATE no action;
CREATE INDEX "consultations_without_consent" ON "consultations" USING btree ("case_id") WHERE "consultations"."consent" is null;
ALTER TABLE "consultations" ADD CONSTRAINT "consultations_consent_asked" CHECK (("consultations"."consent_asked_by" is null) = ("consultations"."consent_asked_at" is null));
ALTER TABLE "consultations" ADD CONSTRAINT "consultations_consent_spoken" CHECK ("consultations"."consent_asked_by" is null or "consultations"."consent" is not null);
-- by hand
-- The planner keeps no copy of sealed words, which may have to be erased.
ALTER TABLE "consultations" ALTER COLUMN "heard_words" SET STATISTICS 0;
