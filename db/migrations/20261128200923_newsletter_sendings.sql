DROP INDEX "deliveries_due";
ALTER TABLE "deliveries" ADD COLUMN "handing_over_at" timestamp with time zone;
ALTER TABLE "deliveries" ADD COLUMN "left_at" timestamp with time zone;
ALTER TABLE "lists" ADD COLUMN "is_public" boolean DEFAULT true NOT NULL;
ALTER TABLE "lists" ADD COLUMN "reply_to" text DEFAULT '' NOT NULL;
ALTER TABLE "newsletters" ADD COLUMN "preheader" text DEFAULT '' NOT NULL;
ALTER TABLE "newsletters" ADD COLUMN "shows_subject" boolean DEFAULT false NOT NULL;
ALTER TABLE "newsletters" ADD COLUMN "last_writer_id" uuid;
ALTER TABLE "newsletters" ADD COLUMN "saved_at" timestamp with time zone;
ALTER TABLE "newsletters" ADD COLUMN "start_at" timestamp with time zone;
ALTER TABLE "newsletters" ADD COLUMN "finished_at" timestamp with time zone;
ALTER TABLE "newsletters" ADD COLUMN "is_for_web" boolean DEFAULT false NOT NULL;
ALTER TABLE "newsletters" ADD COLUMN "web_published_at" timestamp with time zone;
ALTER TABLE "newsletters" ADD COLUMN "web_withdrawn_at" timestamp with time zone;
ALTER TABLE "newsletters" ADD COLUMN "web_subject" text;
ALTER TABLE "newsletters" ADD COLUMN "web_body" text;
ALTER TABLE "newsletters" ADD COLUMN "web_corrected_at" timestamp with time zone;
ALTER TABLE "newsletters" ADD CONSTRAINT "newsletters_last_writer_id_staff_id_fk" FOREIGN KEY ("last_writer_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
CREATE INDEX "deliveries_due" ON "deliveries" USING btree ("lane","due_at","id") WHERE "deliveries"."state" in ('queued', 'retry');
-- by hand
-- What was being sent when the product was stopped for this upgrade may have been handed over: the mark did not exist.
update deliveries set handing_over_at = leased_until - interval '60 seconds' where state = 'leased';
-- Issues of before had their subject as the first line, and were published when they were sent.
update newsletters set shows_subject = true, is_for_web = true, web_published_at = sent_at where sent_at is not null;
update newsletters n set finished_at = coalesce(
  (select max(d.finished_at) from deliveries d where d.newsletter_id = n.id and d.kind = 'newsletter'), n.sent_at)
where n.state = 'sent';
-- Pages show an issue from the moment it is published on the web, as it was mailed or corrected, until it is withdrawn.
drop trigger pages_changed on newsletters;
create trigger pages_changed
  after update of sent_at, slug, web_published_at, web_withdrawn_at, web_subject, web_body or delete or truncate on newsletters
  for each statement execute function notify_pages_changed();
