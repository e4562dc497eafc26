CREATE TABLE "summary_mails" (
	"staff_id" uuid NOT NULL,
	"month" date NOT NULL,
	"figures" jsonb NOT NULL,
	"delivery_id" uuid,
	CONSTRAINT "summary_mails_staff_id_month_pk" PRIMARY KEY("staff_id","month"),
	CONSTRAINT "summary_mails_delivery" UNIQUE("delivery_id")
);

CREATE TABLE "summary_readers" (
	"staff_id" uuid PRIMARY KEY NOT NULL,
	"wanted_at" timestamp with time zone NOT NULL
);

ALTER TABLE "summary_mails" ADD CONSTRAINT "summary_mails_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "summary_mails" ADD CONSTRAINT "summary_mails_delivery_id_deliveries_id_fk" FOREIGN KEY ("delivery_id") REFERENCES "public"."deliveries"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "summary_readers" ADD CONSTRAINT "summary_readers_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE cascade ON UPDATE no action;