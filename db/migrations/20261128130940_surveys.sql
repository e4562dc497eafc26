CREATE TABLE "surveys" (
	"slug" text PRIMARY KEY NOT NULL,
	"results" jsonb NOT NULL,
	"report" "bytea" NOT NULL,
	"report_pages" integer NOT NULL,
	"is_sample" boolean DEFAULT false NOT NULL,
	"published_at" timestamp with time zone NOT NULL
);
-- by hand: random bytes have no statistics; pages with surveys are rendered anew in every process (api/web/server.ts)
alter table surveys alter column report set statistics 0;

create trigger pages_changed after insert or update or delete or truncate on surveys
  for each statement execute function notify_pages_changed();
