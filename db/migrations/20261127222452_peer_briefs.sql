CREATE TABLE "briefs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"case_id" uuid NOT NULL,
	"body" "bytea" NOT NULL,
	"written_by" uuid NOT NULL,
	"written_at" timestamp with time zone NOT NULL,
	CONSTRAINT "briefs_case" UNIQUE("case_id")
);

ALTER TABLE "entries" ADD COLUMN "shown_to_peers_at" timestamp with time zone;
ALTER TABLE "briefs" ADD CONSTRAINT "briefs_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "briefs" ADD CONSTRAINT "briefs_written_by_staff_id_fk" FOREIGN KEY ("written_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
-- by hand
-- The planner keeps no copy of what may have to be erased.
alter table briefs alter column body set statistics 0;
