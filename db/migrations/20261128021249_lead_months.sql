CREATE TABLE "lead_changes" (
	"at" timestamp with time zone NOT NULL
);

CREATE TABLE "lead_month_states" (
	"month" date PRIMARY KEY NOT NULL
);

CREATE TABLE "lead_months" (
	"month" date NOT NULL,
	"line_id" integer,
	"no_line" text,
	"downloads" integer NOT NULL,
	"subscriptions" integer NOT NULL,
	"consultations" integer NOT NULL,
	"doubtful" integer NOT NULL,
	"people" integer NOT NULL,
	"first_consultations" integer NOT NULL
);

ALTER TABLE "lead_months" ADD CONSTRAINT "lead_months_line_id_landing_lines_id_fk" FOREIGN KEY ("line_id") REFERENCES "public"."landing_lines"("id") ON DELETE no action ON UPDATE no action;
CREATE INDEX "lead_changes_at" ON "lead_changes" USING btree ("at");
CREATE INDEX "lead_months_month" ON "lead_months" USING btree ("month");
-- by hand
-- What the leads of a month are counted by (analytics/landings/leads.ts): the lead, what was asked with it, its case, the
-- case's closures, its landing, and the family's requests and landings of the 90 days before. A change of any of these
-- is noted with the time of the lead or landing it belongs to. In the current month, in which nearly all changes
-- happen, nothing is: it is not rolled up, and what happens in it is no part of an earlier month.
create function note_lead_change(at timestamptz) returns void language sql as $$
  insert into lead_changes (at)
  select at where at < date_trunc('month', now() at time zone 'Asia/Tokyo') at time zone 'Asia/Tokyo'
$$;

create function lead_changed() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then perform note_lead_change(old.received_at); end if;
  if tg_op <> 'DELETE' then perform note_lead_change(new.received_at); end if;
  return null;
end $$;

create trigger lead_changed after insert or delete or update of kind, received_at, click_id, spam_score on leads
  for each row execute function lead_changed();

-- What belongs to a lead. Where the lead itself was deleted, its own trigger has noted it.
create function lead_part_changed() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then perform note_lead_change(received_at) from leads where id = old.lead_id; end if;
  if tg_op <> 'DELETE' then perform note_lead_change(received_at) from leads where id = new.lead_id; end if;
  return null;
end $$;

create trigger lead_part_changed after insert or delete or update of lead_id, case_id, email_index, phone_index
  on consultations for each row execute function lead_part_changed();
create trigger lead_part_changed after insert or delete or update of lead_id, email_index
  on download_grants for each row execute function lead_part_changed();

create function lead_case_changed() returns trigger language plpgsql as $$
begin
  perform note_lead_change(received_at) from leads where id in (select lead_id from consultations where case_id = new.id);
  return null;
end $$;

create trigger lead_case_changed after update of state on cases
  for each row when ((old.state = 'new') <> (new.state = 'new')) execute function lead_case_changed();

create function lead_closure_changed() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    perform note_lead_change(received_at) from leads
    where id in (select lead_id from consultations where case_id = old.case_id);
  end if;
  if tg_op <> 'DELETE' then
    perform note_lead_change(received_at) from leads
    where id in (select lead_id from consultations where case_id = new.case_id);
  end if;
  return null;
end $$;

create trigger lead_closure_changed after insert or delete or update of case_id, reason, reopened_at on closures
  for each row execute function lead_closure_changed();

-- Leads refer only to landings that were there before them: a new landing is none of theirs.
create function lead_landing_changed() returns trigger language plpgsql as $$
begin
  perform note_lead_change(old.landed_at);
  if tg_op <> 'DELETE' then perform note_lead_change(new.landed_at); end if;
  return null;
end $$;

create trigger lead_landing_changed after delete or update on clicks for each row
  when (old.landed_at < date_trunc('month', now() at time zone 'Asia/Tokyo') at time zone 'Asia/Tokyo')
  execute function lead_landing_changed();
