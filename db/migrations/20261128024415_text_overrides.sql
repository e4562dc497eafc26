CREATE TABLE "text_changes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "text_changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"section" text NOT NULL,
	"locale" text NOT NULL,
	"before" text,
	"after" text,
	"changed_by" uuid,
	"changed_at" timestamp with time zone NOT NULL,
	"how" text NOT NULL
);

CREATE TABLE "text_overrides" (
	"section" text NOT NULL,
	"locale" text NOT NULL,
	"body" text NOT NULL,
	"default_then" text NOT NULL,
	"default_then_release" text NOT NULL,
	"seen_default" text,
	"change_id" bigint NOT NULL,
	"changed_by" uuid,
	"changed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "text_overrides_section_locale_pk" PRIMARY KEY("section","locale")
);

ALTER TABLE "text_changes" ADD CONSTRAINT "text_changes_changed_by_staff_id_fk" FOREIGN KEY ("changed_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "text_overrides" ADD CONSTRAINT "text_overrides_change_id_text_changes_id_fk" FOREIGN KEY ("change_id") REFERENCES "public"."text_changes"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "text_overrides" ADD CONSTRAINT "text_overrides_changed_by_staff_id_fk" FOREIGN KEY ("changed_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
CREATE INDEX "text_changes_section" ON "text_changes" USING btree ("section","locale","id");
-- by hand: the history of replaced texts cannot be rewritten
revoke update, delete, truncate on text_changes from komichi_app;

-- by hand: every process reads the settings, and these with them, anew (db/settings/store.ts)
create trigger settings_changed after insert or update or delete or truncate on text_overrides
  for each statement execute function notify_settings_changed();
