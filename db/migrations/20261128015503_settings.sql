CREATE TABLE "settings_changes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "settings_changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"set_id" uuid NOT NULL,
	"key" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"changed_by" uuid,
	"changed_at" timestamp with time zone NOT NULL,
	"how" text NOT NULL
);

CREATE TABLE "settings" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"change_id" bigint NOT NULL
);

ALTER TABLE "settings_changes" ADD CONSTRAINT "settings_changes_changed_by_staff_id_fk" FOREIGN KEY ("changed_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "settings" ADD CONSTRAINT "settings_change_id_settings_changes_id_fk" FOREIGN KEY ("change_id") REFERENCES "public"."settings_changes"("id") ON DELETE no action ON UPDATE no action;
CREATE INDEX "settings_changes_key" ON "settings_changes" USING btree ("key","id");
CREATE INDEX "settings_changes_set" ON "settings_changes" USING btree ("set_id");
-- by hand: the history of settings cannot be rewritten
revoke update, delete, truncate on settings_changes from komichi_app;

-- by hand: every process reads the settings anew (db/settings/store.ts)
create function notify_settings_changed() returns trigger language plpgsql as $$
begin
  notify settings_changed;
  return null;
end $$;

create trigger settings_changed after insert or update or delete or truncate on settings
  for each statement execute function notify_settings_changed();
