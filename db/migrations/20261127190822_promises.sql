CREATE TABLE "promises" (
	"id" uuid PRIMARY KEY NOT NULL,
	"case_id" uuid NOT NULL,
	"consultation_id" uuid NOT NULL,
	"message_id" uuid,
	"made_at" timestamp with time zone NOT NULL,
	"due_day" date NOT NULL,
	"kept_at" timestamp with time zone,
	"kept_by_reply_id" uuid,
	"kept_by_entry_id" uuid,
	"kept_by" uuid,
	"reopened_at" timestamp with time zone,
	"refused_reply_id" uuid,
	"ended_at" timestamp with time zone,
	"end_reason" text,
	"ended_by" uuid,
	CONSTRAINT "promises_kept" CHECK (("promises"."kept_at" is not null) = (num_nonnulls("promises"."kept_by_reply_id", "promises"."kept_by_entry_id") = 1)),
	CONSTRAINT "promises_ended" CHECK (("promises"."ended_at" is null) = ("promises"."end_reason" is null)),
	CONSTRAINT "promises_one_fate" CHECK ("promises"."kept_at" is null or "promises"."ended_at" is null)
);

ALTER TABLE "entries" ADD COLUMN "outcome" text;
ALTER TABLE "messages" ADD COLUMN "shown_message_id" uuid;
ALTER TABLE "promises" ADD CONSTRAINT "promises_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "promises" ADD CONSTRAINT "promises_consultation_id_consultations_id_fk" FOREIGN KEY ("consultation_id") REFERENCES "public"."consultations"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "promises" ADD CONSTRAINT "promises_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "promises" ADD CONSTRAINT "promises_kept_by_reply_id_messages_id_fk" FOREIGN KEY ("kept_by_reply_id") REFERENCES "public"."messages"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "promises" ADD CONSTRAINT "promises_kept_by_entry_id_entries_id_fk" FOREIGN KEY ("kept_by_entry_id") REFERENCES "public"."entries"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "promises" ADD CONSTRAINT "promises_kept_by_staff_id_fk" FOREIGN KEY ("kept_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "promises" ADD CONSTRAINT "promises_refused_reply_id_messages_id_fk" FOREIGN KEY ("refused_reply_id") REFERENCES "public"."messages"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "promises" ADD CONSTRAINT "promises_ended_by_staff_id_fk" FOREIGN KEY ("ended_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
CREATE INDEX "promises_case" ON "promises" USING btree ("case_id");
CREATE UNIQUE INDEX "promises_message" ON "promises" USING btree ("message_id") WHERE "promises"."message_id" is not null;
CREATE INDEX "promises_open" ON "promises" USING btree ("due_day","case_id") WHERE "promises"."kept_at" is null and "promises"."ended_at" is null;
ALTER TABLE "messages" ADD CONSTRAINT "messages_shown_message_id_messages_id_fk" FOREIGN KEY ("shown_message_id") REFERENCES "public"."messages"("id") ON DELETE no action ON UPDATE no action;
-- by hand
-- What was promised is kept or ended, never deleted: erasing a family leaves its days.
revoke delete, truncate on promises from komichi_app;

-- A reply was refused unless its page had shown the newest message, so it answers all that came before it.
update messages r set shown_message_id = (
  select shown.id from messages shown where shown.case_id = r.case_id and shown.id < r.id order by shown.id desc limit 1
) where r.staff_id is not null;

-- Promises of the cases in work: one for each request that wants an answer and each addition, with the day that was
-- promised then. Cases that were closed owe nothing, and those of erased families neither.
insert into promises (id, case_id, consultation_id, message_id, made_at, due_day)
select uuidv7(), c.id, co.id, null, l.received_at, co.reply_by_date
from consultations co join cases c on c.id = co.case_id join leads l on l.id = co.lead_id
where c.state <> 'closed' and c.wrapped_key is not null and co.reply_by <> 'none'
union all
select uuidv7(), c.id, m.consultation_id, m.id, m.written_at,
  coalesce(m.reply_by_date, (m.written_at at time zone 'Asia/Tokyo')::date)
from messages m join cases c on c.id = m.case_id
where c.state <> 'closed' and c.wrapped_key is not null and m.staff_id is null;

-- Kept are those that a reply answered which reached the family: opened, announced by a mail that was not refused,
-- or written to a family that wanted no mail and no call. Entries of the journal did not say yet whether somebody
-- was reached, so they keep nothing. As settlePromises (db/promises/settle.ts) had it at the time of this migration.
with keepers as (
  select p.id, reply.id as reply_id, reply.staff_id, reply.written_at
  from promises p
  join lateral (
    select r.id, r.staff_id, r.written_at
    from messages r
    join consultations c on c.id = r.consultation_id
    left join deliveries n on n.lead_id = c.lead_id and n.kind = 'reply_notice' and n.about_message_id = r.id
    where r.case_id = p.case_id and r.staff_id is not null
      and (p.message_id <= r.shown_message_id or (p.message_id is null and p.made_at <= r.written_at))
      and (r.read_at is not null or c.reply_by = 'none'
        or n.state in ('queued', 'leased', 'retry', 'accepted', 'uncertain'))
    order by r.id limit 1
  ) reply on true
)
update promises p set kept_at = k.written_at, kept_by_reply_id = k.reply_id, kept_by = k.staff_id
from keepers k where k.id = p.id;

-- Where an answer is owed, the case does not wait for the family.
update cases c set state = 'open', version = version + 1
where state = 'waiting' and exists (
  select 1 from promises p where p.case_id = c.id and p.kept_at is null and p.ended_at is null);
