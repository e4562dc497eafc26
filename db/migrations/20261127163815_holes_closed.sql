CREATE TABLE "erasures" (
	"id" uuid PRIMARY KEY NOT NULL,
	"what" text NOT NULL,
	"what_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"erased_by" uuid,
	"erased_at" timestamp with time zone NOT NULL
);

CREATE TABLE "mail_counts" (
	"address" "bytea" NOT NULL,
	"kind" text NOT NULL,
	"about" text NOT NULL,
	"counted_at" timestamp with time zone NOT NULL
);

CREATE TABLE "processes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"host" text NOT NULL,
	"pid" integer NOT NULL,
	"role" text NOT NULL,
	"key_ids" text[] NOT NULL,
	"key_source" text NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE "sign_in_attempts" (
	"account" "bytea" NOT NULL,
	"network" "bytea" NOT NULL,
	"kind" text NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"delayed" integer DEFAULT 0 NOT NULL,
	"attempted_at" timestamp with time zone NOT NULL,
	CONSTRAINT "sign_in_attempts_account_kind_network_pk" PRIMARY KEY("account","kind","network")
);

CREATE TABLE "staff_networks" (
	"staff_id" uuid NOT NULL,
	"network" "bytea" NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "staff_networks_staff_id_network_pk" PRIMARY KEY("staff_id","network")
);

CREATE TABLE "staff_refusals" (
	"staff_id" uuid NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "staff_refusals_staff_id_hour_kind_pk" PRIMARY KEY("staff_id","hour","kind")
);

ALTER TABLE "subscribers" ADD COLUMN "confirmation_mail_at" timestamp with time zone;
ALTER TABLE "invitations" ADD COLUMN "ended_at" timestamp with time zone;
ALTER TABLE "invitations" ADD COLUMN "end_reason" text;
ALTER TABLE "staff" ADD COLUMN "sign_in_notice_at" timestamp with time zone;
ALTER TABLE "staff_two_factors" ADD COLUMN "last_step" integer;
ALTER TABLE "erasures" ADD CONSTRAINT "erasures_erased_by_staff_id_fk" FOREIGN KEY ("erased_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "staff_networks" ADD CONSTRAINT "staff_networks_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "staff_refusals" ADD CONSTRAINT "staff_refusals_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE cascade ON UPDATE no action;
CREATE UNIQUE INDEX "erasures_what" ON "erasures" USING btree ("what","what_id");
CREATE INDEX "mail_counts_address" ON "mail_counts" USING btree ("address","kind");
CREATE INDEX "sign_in_attempts_age" ON "sign_in_attempts" USING btree ("attempted_at");
-- by hand
-- Counters only: losing them in a crash harms nobody, and counting waits for no disk.
alter table mail_counts set unlogged;

-- Counts one more mail to an address, if fewer than `most` of its kind, and fewer than `most_each` about
-- this very thing, were counted in the `hours` before. One at a time for an address: whoever waits at the
-- lock sees what the one before has counted.
create function count_mail(
  recipient bytea, what text, thing text, moment timestamptz, hours integer, most integer, most_each integer
) returns boolean
language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(what || encode(recipient, 'hex'), 0));
  if exists (
    select 1 from mail_counts
    where address = recipient and kind = what and counted_at > moment - make_interval(hours => hours)
    having count(*) >= most or count(*) filter (where about = thing) >= most_each
  ) then
    return false;
  end if;
  insert into mail_counts (address, kind, about, counted_at) values (recipient, what, thing, moment);
  return true;
end $$;

-- An address has one open invitation: the newest. None opens for somebody who is staff already, or was stopped since.
update invitations set email = lower(email) where email <> lower(email);
update invitations i set ended_at = now(), end_reason = 'replaced'
where i.accepted_at is null and i.email is not null and exists (
  select 1 from invitations later
  where later.email = i.email and (later.created_at, later.id) > (i.created_at, i.id));
update invitations i set ended_at = now(), end_reason = case when s.disabled_at is null then 'joined' else 'stopped' end
from staff s
where i.accepted_at is null and i.ended_at is null and s.email = i.email
  and (s.disabled_at is null or s.disabled_at > i.created_at);

-- Why something was erased is written once and stays.
revoke update, delete, truncate on erasures from komichi_app;

-- The planner's statistics are copies of values, kept apart from the rows: none of anything sealed,
-- wrapped or hashed, and what was gathered goes (ANALYZE leaves old figures where the target is 0).
do $$
declare place record;
begin
  for place in
    select c.relname, a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.atttypid = 'bytea'::regtype and not a.attisdropped
  loop
    execute format('alter table %I alter column %I set statistics 0', place.relname, place.attname);
    perform pg_clear_attribute_stats('public', place.relname, place.attname, false);
  end loop;
end $$;

-- Families erased before: by whom the trail tells, and of those that nobody signed for, the ones whose
-- support had ended three years before were retention's.
insert into erasures (id, what, what_id, reason, erased_by, erased_at)
select uuidv7(), 'case', c.id,
  case when e.staff_id is null and exists (
    select 1 from closures cl where cl.case_id = c.id and cl.reopened_at is null and cl.closed_at <= e.at - interval '3 years'
  ) then 'retention' else 'request' end, e.staff_id, coalesce(e.at, now())
from cases c left join lateral (
  select a.at, a.staff_id from audit_events a
  where a.noun = 'case' and a.noun_id = c.id::text and a.action = 'erase' order by a.id limit 1
) e on true
where c.wrapped_key is null;

-- Their keys were gone, their sealed words and HMACs were not.
update consultations set contact = '', message = '' where case_id in (select id from cases where wrapped_key is null);
update entries set body = '' where case_id in (select id from cases where wrapped_key is null);
update messages set body = '', idempotency_hmac = null, body_hmac = null
  where case_id in (select id from cases where wrapped_key is null);
update leads set idempotency_hmac = null, body_hmac = null where id in (
  select lead_id from consultations where case_id in (select id from cases where wrapped_key is null)
  union all select lead_id from download_grants where wrapped_key is null
);

