CREATE TABLE "contact_corrections" (
	"id" uuid PRIMARY KEY NOT NULL,
	"case_id" uuid NOT NULL,
	"consultation_id" uuid NOT NULL,
	"corrected_by" uuid NOT NULL,
	"corrected_at" timestamp with time zone NOT NULL,
	"fields" text[] DEFAULT '{}' NOT NULL,
	"before" "bytea" NOT NULL
);

CREATE TABLE "side_notes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"case_id" uuid NOT NULL,
	"body" "bytea" NOT NULL,
	"written_by" uuid NOT NULL,
	"written_at" timestamp with time zone NOT NULL
);

ALTER TABLE "deliveries" ADD COLUMN "resent_from_id" uuid;
ALTER TABLE "contact_corrections" ADD CONSTRAINT "contact_corrections_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "contact_corrections" ADD CONSTRAINT "contact_corrections_consultation_id_consultations_id_fk" FOREIGN KEY ("consultation_id") REFERENCES "public"."consultations"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "contact_corrections" ADD CONSTRAINT "contact_corrections_corrected_by_staff_id_fk" FOREIGN KEY ("corrected_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "side_notes" ADD CONSTRAINT "side_notes_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "side_notes" ADD CONSTRAINT "side_notes_written_by_staff_id_fk" FOREIGN KEY ("written_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
CREATE INDEX "contact_corrections_case" ON "contact_corrections" USING btree ("case_id");
CREATE INDEX "side_notes_case" ON "side_notes" USING btree ("case_id");
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_resent_from_id_deliveries_id_fk" FOREIGN KEY ("resent_from_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;
CREATE UNIQUE INDEX "deliveries_resent_once" ON "deliveries" USING btree ("resent_from_id") WHERE "deliveries"."resent_from_id" is not null;-- by hand
-- The planner keeps no copy of what may have to be erased.
alter table contact_corrections alter column before set statistics 0;
alter table side_notes alter column body set statistics 0;
-- What was corrected and written is emptied by erasure, never deleted: who did it and when stays.
revoke delete, truncate on contact_corrections, side_notes from komichi_app;
