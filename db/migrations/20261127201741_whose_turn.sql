CREATE TABLE "absences" (
	"id" uuid PRIMARY KEY NOT NULL,
	"staff_id" uuid NOT NULL,
	"from_day" date NOT NULL,
	"until_day" date NOT NULL,
	"stand_in_id" uuid NOT NULL,
	"entered_by" uuid NOT NULL,
	"entered_at" timestamp with time zone NOT NULL,
	"cancelled_at" timestamp with time zone,
	CONSTRAINT "absences_days" CHECK ("absences"."from_day" <= "absences"."until_day"),
	CONSTRAINT "absences_stand_in" CHECK ("absences"."staff_id" <> "absences"."stand_in_id")
);

CREATE TABLE "case_reads" (
	"case_id" uuid NOT NULL,
	"staff_id" uuid NOT NULL,
	"read_at" timestamp with time zone NOT NULL,
	CONSTRAINT "case_reads_case_id_staff_id_pk" PRIMARY KEY("case_id","staff_id")
);

CREATE TABLE "staff_notices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"staff_id" uuid NOT NULL,
	"case_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"about_id" uuid NOT NULL,
	"noticed_at" timestamp with time zone NOT NULL,
	"sent_at" timestamp with time zone,
	"delivery_id" uuid
);

CREATE TABLE "staff_notices_off" (
	"staff_id" uuid NOT NULL,
	"kind" text NOT NULL,
	CONSTRAINT "staff_notices_off_staff_id_kind_pk" PRIMARY KEY("staff_id","kind")
);

CREATE TABLE "reminders" (
	"id" uuid PRIMARY KEY NOT NULL,
	"case_id" uuid NOT NULL,
	"entry_id" uuid,
	"body" "bytea" NOT NULL,
	"due_day" date NOT NULL,
	"staff_id" uuid,
	"written_by" uuid NOT NULL,
	"written_at" timestamp with time zone NOT NULL,
	"done_at" timestamp with time zone,
	"done_by" uuid,
	"silenced_at" timestamp with time zone,
	CONSTRAINT "reminders_done" CHECK (("reminders"."done_at" is null) = ("reminders"."done_by" is null))
);

ALTER TABLE "assignments" ADD COLUMN "role" text DEFAULT 'helper' NOT NULL;
ALTER TABLE "assignments" ADD COLUMN "handover_entry_id" uuid;
ALTER TABLE "absences" ADD CONSTRAINT "absences_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "absences" ADD CONSTRAINT "absences_stand_in_id_staff_id_fk" FOREIGN KEY ("stand_in_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "absences" ADD CONSTRAINT "absences_entered_by_staff_id_fk" FOREIGN KEY ("entered_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "case_reads" ADD CONSTRAINT "case_reads_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "case_reads" ADD CONSTRAINT "case_reads_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "staff_notices" ADD CONSTRAINT "staff_notices_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "staff_notices" ADD CONSTRAINT "staff_notices_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "staff_notices" ADD CONSTRAINT "staff_notices_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "staff_notices_off" ADD CONSTRAINT "staff_notices_off_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "reminders" ADD CONSTRAINT "reminders_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "reminders" ADD CONSTRAINT "reminders_entry_id_entries_id_fk" FOREIGN KEY ("entry_id") REFERENCES "public"."entries"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "reminders" ADD CONSTRAINT "reminders_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "reminders" ADD CONSTRAINT "reminders_written_by_staff_id_fk" FOREIGN KEY ("written_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "reminders" ADD CONSTRAINT "reminders_done_by_staff_id_fk" FOREIGN KEY ("done_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
CREATE INDEX "absences_staff" ON "absences" USING btree ("staff_id","until_day") WHERE "absences"."cancelled_at" is null;
CREATE UNIQUE INDEX "staff_notices_once" ON "staff_notices" USING btree ("kind","about_id","staff_id");
CREATE INDEX "staff_notices_waiting" ON "staff_notices" USING btree ("staff_id") WHERE "staff_notices"."sent_at" is null;
CREATE INDEX "staff_notices_sent" ON "staff_notices" USING btree ("staff_id","sent_at");
CREATE INDEX "staff_notices_delivery" ON "staff_notices" USING btree ("delivery_id");
CREATE INDEX "reminders_case" ON "reminders" USING btree ("case_id");
CREATE INDEX "reminders_open" ON "reminders" USING btree ("due_day","case_id") WHERE "reminders"."done_at" is null and "reminders"."silenced_at" is null;
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_handover_entry_id_entries_id_fk" FOREIGN KEY ("handover_entry_id") REFERENCES "public"."entries"("id") ON DELETE no action ON UPDATE no action;
CREATE UNIQUE INDEX "assignments_responsible" ON "assignments" USING btree ("case_id") WHERE "assignments"."role" = 'responsible' and "assignments"."ended_at" is null;
CREATE INDEX "deliveries_refused" ON "deliveries" USING btree ("finished_at") WHERE "deliveries"."kind" in ('receipt', 'reply_notice') and "deliveries"."state" in ('failed', 'suppressed');
-- by hand
-- The planner keeps no copy of what may have to be erased.
alter table reminders alter column body set statistics 0;

-- Of several people who hold a case, the first is responsible and the others help: the first of those who may answer
-- the family, those who left last. A peer supporter always helps.
update assignments a set role = 'responsible'
from (
  select distinct on (held.case_id) held.id
  from assignments held join staff s on s.id = held.staff_id
  where held.ended_at is null and s.role <> 'peer'
  order by held.case_id, s.disabled_at is not null, held.assigned_at, held.id
) first_of where first_of.id = a.id;

-- What somebody has opened is read by them: the trail says when.
insert into case_reads (case_id, staff_id, read_at)
select c.id, e.staff_id, max(e.at)
from audit_events e join cases c on c.id::text = e.noun_id
where e.noun = 'case' and e.action = 'view' and e.staff_id is not null
group by c.id, e.staff_id;
