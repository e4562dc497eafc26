CREATE TABLE "landing_lines" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "landing_lines_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"key" uuid NOT NULL,
	"is_ad" boolean NOT NULL,
	"platform" text,
	"campaign_id" text,
	"ad_group_id" text,
	"target_id" text,
	"keyword" text,
	"keyword_missing" text,
	"match_type" text,
	"utm_campaign" text,
	"utm_content" text,
	"utm_source" text,
	"utm_medium" text,
	CONSTRAINT "landing_lines_key_unique" UNIQUE("key")
);

CREATE TABLE "landing_month_states" (
	"month" date PRIMARY KEY NOT NULL,
	"changes" integer DEFAULT 0 NOT NULL,
	"rolled_changes" integer
);

CREATE TABLE "landing_months" (
	"month" date NOT NULL,
	"line_id" integer NOT NULL,
	"landings" integer NOT NULL,
	"forms_opened" integer NOT NULL,
	CONSTRAINT "landing_months_month_line_id_pk" PRIMARY KEY("month","line_id")
);

ALTER TABLE "clicks" ADD COLUMN "form_opened_at" timestamp with time zone;
ALTER TABLE "landing_months" ADD CONSTRAINT "landing_months_line_id_landing_lines_id_fk" FOREIGN KEY ("line_id") REFERENCES "public"."landing_lines"("id") ON DELETE no action ON UPDATE no action;
CREATE INDEX "download_grants_email" ON "download_grants" USING btree ("email_index");

-- by hand
-- A landing of an earlier month that is added, changed or deleted makes the month's sums untrue
-- (analytics/landings/roll-up.ts). The current month, in which nearly all changes happen, costs a comparison.
create function landing_month_changed() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    insert into landing_month_states (month, changes)
    values (date_trunc('month', old.landed_at at time zone 'Asia/Tokyo')::date, 1)
    on conflict (month) do update set changes = landing_month_states.changes + 1;
  end if;
  if tg_op <> 'DELETE' then
    insert into landing_month_states (month, changes)
    values (date_trunc('month', new.landed_at at time zone 'Asia/Tokyo')::date, 1)
    on conflict (month) do update set changes = landing_month_states.changes + 1;
  end if;
  return null;
end $$;

create trigger landing_month_changed_insert after insert on clicks for each row
  when (new.landed_at < date_trunc('month', now() at time zone 'Asia/Tokyo') at time zone 'Asia/Tokyo')
  execute function landing_month_changed();

create trigger landing_month_changed_update after update on clicks for each row
  when (old.landed_at < date_trunc('month', now() at time zone 'Asia/Tokyo') at time zone 'Asia/Tokyo'
    or new.landed_at < date_trunc('month', now() at time zone 'Asia/Tokyo') at time zone 'Asia/Tokyo')
  execute function landing_month_changed();

create trigger landing_month_changed_delete after delete on clicks for each row
  when (old.landed_at < date_trunc('month', now() at time zone 'Asia/Tokyo') at time zone 'Asia/Tokyo')
  execute function landing_month_changed();
