CREATE TABLE "erasures" (
	"id" uuid PRIMARY KEY NOT NULL,
	"what" text NOT NULL,
	"what_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"erased_by" uuid,
	"erased_at" timestamp with time zone NOT NULL
);

ALTER TABLE "erasures" ADD CONSTRAINT "erasures_erased_by_staff_id_fk" FOREIGN KEY ("erased_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
CREATE UNIQUE INDEX "erasures_what" ON "erasures" USING btree ("what","what_id");

-- by hand
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
