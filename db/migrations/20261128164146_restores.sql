CREATE TABLE "restores" (
	"id" uuid PRIMARY KEY NOT NULL,
	"restored_at" timestamp with time zone NOT NULL,
	"backup" text NOT NULL,
	"restored_to" timestamp with time zone NOT NULL,
	"requested_at" timestamp with time zone,
	"counts" jsonb NOT NULL
);

ALTER TABLE "job_runs" ADD COLUMN "succeeded_at" timestamp with time zone;