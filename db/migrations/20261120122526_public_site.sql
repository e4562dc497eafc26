CREATE TABLE "guide_versions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"guide_slug" text NOT NULL,
	"version" integer NOT NULL,
	"file_name" text NOT NULL,
	"stored_as" text NOT NULL,
	"bytes" integer NOT NULL,
	"pages" integer,
	"preview" text,
	"published_at" timestamp with time zone DEFAULT now() NOT NULL,
	"uploaded_by" uuid
);

CREATE TABLE "messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"case_id" uuid NOT NULL,
	"consultation_id" uuid NOT NULL,
	"staff_id" uuid,
	"body" "bytea" NOT NULL,
	"written_at" timestamp with time zone DEFAULT now() NOT NULL,
	"reply_by_date" date,
	"read_at" timestamp with time zone,
	"idempotency_hmac" "bytea",
	"body_hmac" "bytea"
);

ALTER TABLE "guides" ADD COLUMN "summary" text DEFAULT '' NOT NULL;
ALTER TABLE "guides" ADD COLUMN "for_whom" text DEFAULT '' NOT NULL;
ALTER TABLE "guides" ADD COLUMN "contents" text[] DEFAULT '{}' NOT NULL;
ALTER TABLE "guides" ADD COLUMN "withdrawn_at" timestamp with time zone;
ALTER TABLE "consultations" ADD COLUMN "receipt_code_hash" "bytea";
ALTER TABLE "consultations" ADD COLUMN "receipt_code" "bytea";
ALTER TABLE "consultations" ADD COLUMN "receipt_code_confirmed_at" timestamp with time zone;
ALTER TABLE "deliveries" ADD COLUMN "about_message_id" uuid;
ALTER TABLE "lists" ADD COLUMN "description" text DEFAULT '' NOT NULL;
ALTER TABLE "lists" ADD COLUMN "position" integer DEFAULT 0 NOT NULL;
ALTER TABLE "subscriptions" ADD COLUMN "unsubscribe_reason" text;
ALTER TABLE "guide_versions" ADD CONSTRAINT "guide_versions_guide_slug_guides_slug_fk" FOREIGN KEY ("guide_slug") REFERENCES "public"."guides"("slug") ON DELETE no action ON UPDATE no action;
ALTER TABLE "guide_versions" ADD CONSTRAINT "guide_versions_uploaded_by_staff_id_fk" FOREIGN KEY ("uploaded_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "messages" ADD CONSTRAINT "messages_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "messages" ADD CONSTRAINT "messages_consultation_id_consultations_id_fk" FOREIGN KEY ("consultation_id") REFERENCES "public"."consultations"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "messages" ADD CONSTRAINT "messages_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
CREATE UNIQUE INDEX "guide_versions_version" ON "guide_versions" USING btree ("guide_slug","version");
CREATE INDEX "messages_case" ON "messages" USING btree ("case_id","written_at");
CREATE UNIQUE INDEX "messages_idempotency" ON "messages" USING btree ("idempotency_hmac");
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_about_message_id_messages_id_fk" FOREIGN KEY ("about_message_id") REFERENCES "public"."messages"("id") ON DELETE no action ON UPDATE no action;
insert into guide_versions (id, guide_slug, version, file_name, stored_as, bytes, published_at)
select uuidv7(), slug, 1, file_name, stored_as, bytes, added_at from guides;

update lists set description = '活動のこと、療養中の学びや暮らしのことを、月に1回ほどお届けします。', position = 1 where slug = 'news';
insert into lists (id, slug, name, description, position) values
  (uuidv7(), 'events', '催しのお知らせ', '講演会や交流会が決まったときに、年に数回お届けします。', 2),
  (uuidv7(), 'professionals', '学校・医療・福祉の方へ', '新しい手引きや研修のご案内を、3か月に1回ほどお届けします。', 3);
