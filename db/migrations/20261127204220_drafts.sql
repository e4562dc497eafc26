CREATE TABLE "draft_keys" (
	"staff_id" uuid PRIMARY KEY NOT NULL,
	"wrapped_key" "bytea" NOT NULL
);

CREATE TABLE "drafts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"staff_id" uuid NOT NULL,
	"case_id" uuid,
	"form" text NOT NULL,
	"page" text NOT NULL,
	"key_hmac" "bytea",
	"case_body" "bytea",
	"own_body" "bytea",
	"saved_at" timestamp with time zone NOT NULL,
	CONSTRAINT "drafts_body" CHECK (num_nonnulls("drafts"."case_body", "drafts"."own_body") = 1),
	CONSTRAINT "drafts_key" CHECK (("drafts"."case_id" is null) = ("drafts"."case_body" is null))
);

CREATE TABLE "form_keys" (
	"key_hmac" "bytea" PRIMARY KEY NOT NULL,
	"staff_id" uuid NOT NULL,
	"case_id" uuid,
	"form" text NOT NULL,
	"body_hmac" "bytea" NOT NULL,
	"location" text,
	"created_at" timestamp with time zone NOT NULL
);

ALTER TABLE "draft_keys" ADD CONSTRAINT "draft_keys_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "drafts" ADD CONSTRAINT "drafts_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "drafts" ADD CONSTRAINT "drafts_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "form_keys" ADD CONSTRAINT "form_keys_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE cascade ON UPDATE no action;
CREATE INDEX "drafts_page" ON "drafts" USING btree ("staff_id","page");
CREATE INDEX "drafts_case" ON "drafts" USING btree ("case_id");
CREATE INDEX "drafts_age" ON "drafts" USING btree ("saved_at");
CREATE INDEX "form_keys_case" ON "form_keys" USING btree ("case_id");
CREATE INDEX "form_keys_age" ON "form_keys" USING btree ("created_at");
-- by hand
-- The planner keeps no copy of keys, sealed words and HMACs, which may have to be erased.
ALTER TABLE "draft_keys" ALTER COLUMN "wrapped_key" SET STATISTICS 0;
ALTER TABLE "drafts" ALTER COLUMN "key_hmac" SET STATISTICS 0;
ALTER TABLE "drafts" ALTER COLUMN "case_body" SET STATISTICS 0;
ALTER TABLE "drafts" ALTER COLUMN "own_body" SET STATISTICS 0;
ALTER TABLE "form_keys" ALTER COLUMN "key_hmac" SET STATISTICS 0;
ALTER TABLE "form_keys" ALTER COLUMN "body_hmac" SET STATISTICS 0;
