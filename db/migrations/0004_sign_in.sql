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

ALTER TABLE "invitations" ADD COLUMN "ended_at" timestamp with time zone;
ALTER TABLE "invitations" ADD COLUMN "end_reason" text;
ALTER TABLE "staff" ADD COLUMN "sign_in_notice_at" timestamp with time zone;
ALTER TABLE "staff_two_factors" ADD COLUMN "last_step" integer;
ALTER TABLE "staff_networks" ADD CONSTRAINT "staff_networks_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "staff_refusals" ADD CONSTRAINT "staff_refusals_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE cascade ON UPDATE no action;
CREATE INDEX "sign_in_attempts_age" ON "sign_in_attempts" USING btree ("attempted_at");
-- by hand
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
