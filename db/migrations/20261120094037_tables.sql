CREATE TABLE "ad_imports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"file_hash" text NOT NULL,
	"file_name" text NOT NULL,
	"report" text NOT NULL,
	"account" text NOT NULL,
	"currency" text NOT NULL,
	"period_from" date NOT NULL,
	"period_to" date NOT NULL,
	"totals" jsonb NOT NULL,
	"imported_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "ad_imports_file_hash_unique" UNIQUE("file_hash")
);

CREATE TABLE "ad_spend" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "ad_spend_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"import_id" uuid NOT NULL,
	"date_from" date NOT NULL,
	"date_to" date NOT NULL,
	"campaign_id" text,
	"campaign" text NOT NULL,
	"ad_group_id" text,
	"ad_group" text NOT NULL,
	"keyword_id" text,
	"keyword" text NOT NULL,
	"match_type" text,
	"impressions" integer NOT NULL,
	"clicks" integer NOT NULL,
	"cost" numeric(14, 6) NOT NULL,
	"conversions" numeric(12, 2) NOT NULL
);

CREATE TABLE "clicks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"landed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"path" text NOT NULL,
	"click_key" text,
	"extras" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"campaign_id" text,
	"ad_group_id" text,
	"target_id" text,
	"keyword" text,
	"keyword_missing" text,
	"match_type" text,
	"network" text,
	"device" text,
	"creative" text,
	"location" text,
	"utm_source" text,
	"utm_medium" text,
	"utm_campaign" text,
	"utm_term" text,
	"utm_content" text,
	"crawler" boolean DEFAULT false NOT NULL,
	"sample" boolean DEFAULT false NOT NULL
);

CREATE TABLE "search_terms" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "search_terms_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"import_id" uuid NOT NULL,
	"date_from" date NOT NULL,
	"date_to" date NOT NULL,
	"term" text NOT NULL,
	"campaign_id" text,
	"campaign" text NOT NULL,
	"ad_group_id" text,
	"ad_group" text NOT NULL,
	"keyword_id" text,
	"keyword" text NOT NULL,
	"match_type" text,
	"impressions" integer NOT NULL,
	"clicks" integer NOT NULL,
	"cost" numeric(14, 6) NOT NULL,
	"conversions" numeric(12, 2) NOT NULL
);

CREATE TABLE "assignments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"case_id" uuid NOT NULL,
	"staff_id" uuid NOT NULL,
	"assigned_by" uuid NOT NULL,
	"assigned_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone
);

CREATE TABLE "cases" (
	"id" uuid PRIMARY KEY NOT NULL,
	"state" text DEFAULT 'new' NOT NULL,
	"wrapped_key" "bytea",
	"opened_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);

CREATE TABLE "closures" (
	"id" uuid PRIMARY KEY NOT NULL,
	"case_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"closed_by" uuid NOT NULL,
	"closed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"reopened_by" uuid,
	"reopened_at" timestamp with time zone
);

CREATE TABLE "entries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"case_id" uuid NOT NULL,
	"author_id" uuid NOT NULL,
	"happened_at" timestamp with time zone NOT NULL,
	"channel" text NOT NULL,
	"from_party" text NOT NULL,
	"to_party" text NOT NULL,
	"body" "bytea" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE "download_grants" (
	"id" uuid PRIMARY KEY NOT NULL,
	"lead_id" uuid NOT NULL,
	"guide_slug" text NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"wrapped_key" "bytea",
	"email" "bytea",
	"email_index" "bytea",
	"expires_at" timestamp with time zone NOT NULL,
	"downloads" integer DEFAULT 0 NOT NULL,
	"first_downloaded_at" timestamp with time zone
);

CREATE TABLE "guides" (
	"slug" text PRIMARY KEY NOT NULL,
	"title" text NOT NULL,
	"file_name" text NOT NULL,
	"stored_as" text NOT NULL,
	"bytes" integer NOT NULL,
	"added_at" timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE "consultations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"lead_id" uuid NOT NULL,
	"case_id" uuid NOT NULL,
	"relation" text,
	"topics" text[] DEFAULT '{}' NOT NULL,
	"school_stage" text,
	"municipality" text,
	"heard_from" text,
	"reply_by" text NOT NULL,
	"reply_by_date" date NOT NULL,
	"contact" "bytea" NOT NULL,
	"message" "bytea" NOT NULL,
	"email_index" "bytea",
	"phone_index" "bytea",
	"consent" text NOT NULL,
	CONSTRAINT "consultations_lead_id_unique" UNIQUE("lead_id")
);

CREATE TABLE "leads" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"channel" text NOT NULL,
	"reference" text,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	"locale" text DEFAULT 'ja' NOT NULL,
	"click_id" uuid,
	"idempotency_hmac" "bytea",
	"body_hmac" "bytea",
	"suspicion" smallint DEFAULT 0 NOT NULL
);

CREATE TABLE "rate_windows" (
	"network" "bytea" NOT NULL,
	"minute" integer NOT NULL,
	"scope" text NOT NULL,
	"count" integer NOT NULL
);

CREATE TABLE "vault_keys" (
	"name" text PRIMARY KEY NOT NULL,
	"wrapped" "bytea" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "vault_keys_wrapped" CHECK (octet_length("vault_keys"."wrapped") > 32)
);

CREATE TABLE "consent_texts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"body" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "consent_texts_body_unique" UNIQUE("body")
);

CREATE TABLE "deliveries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"lane" text NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"message_id" text NOT NULL,
	"lead_id" uuid,
	"grant_id" uuid,
	"subscriber_id" uuid,
	"newsletter_id" uuid,
	"invitation_id" uuid,
	"staff_id" uuid,
	"attempts" integer DEFAULT 0 NOT NULL,
	"repeated" boolean DEFAULT false NOT NULL,
	"queued_at" timestamp with time zone DEFAULT now() NOT NULL,
	"due_at" timestamp with time zone DEFAULT now() NOT NULL,
	"leased_until" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"reply" text,
	CONSTRAINT "deliveries_message_id_unique" UNIQUE("message_id")
);

CREATE TABLE "lists" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	CONSTRAINT "lists_slug_unique" UNIQUE("slug")
);

CREATE TABLE "newsletters" (
	"id" uuid PRIMARY KEY NOT NULL,
	"list_id" uuid NOT NULL,
	"slug" text NOT NULL,
	"subject" text NOT NULL,
	"body" text NOT NULL,
	"state" text DEFAULT 'draft' NOT NULL,
	"author_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"sent_at" timestamp with time zone,
	"audience" integer,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "newsletters_slug_unique" UNIQUE("slug")
);

CREATE TABLE "subscribers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"wrapped_key" "bytea",
	"email" "bytea",
	"email_index" "bytea",
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "subscribers_email_index_unique" UNIQUE("email_index")
);

CREATE TABLE "subscriptions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"subscriber_id" uuid NOT NULL,
	"list_id" uuid NOT NULL,
	"state" text NOT NULL,
	"consent_text_id" uuid NOT NULL,
	"form" text NOT NULL,
	"requested_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"confirmed_at" timestamp with time zone,
	"unsubscribed_at" timestamp with time zone
);

CREATE TABLE "suppressions" (
	"email_index" "bytea" PRIMARY KEY NOT NULL,
	"reason" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE "audit_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"staff_id" uuid,
	"action" text NOT NULL,
	"noun" text NOT NULL,
	"noun_id" text,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL
);

CREATE TABLE "invitations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text,
	"role" text NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"invited_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"accepted_at" timestamp with time zone,
	"accepted_by" uuid,
	CONSTRAINT "invitations_token_hash_unique" UNIQUE("token_hash")
);

CREATE TABLE "staff" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT true NOT NULL,
	"image" text,
	"role" text NOT NULL,
	"two_factor_enabled" boolean DEFAULT false NOT NULL,
	"disabled_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "staff_email_unique" UNIQUE("email")
);

CREATE TABLE "staff_accounts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"user_id" uuid NOT NULL,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp with time zone,
	"refresh_token_expires_at" timestamp with time zone,
	"scope" text,
	"password" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE "staff_rate_limits" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"count" integer NOT NULL,
	"last_request" bigint NOT NULL,
	CONSTRAINT "staff_rate_limits_key_unique" UNIQUE("key")
);

CREATE TABLE "staff_sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"token" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "staff_sessions_token_unique" UNIQUE("token")
);

CREATE TABLE "staff_two_factors" (
	"id" uuid PRIMARY KEY NOT NULL,
	"secret" text NOT NULL,
	"backup_codes" text NOT NULL,
	"user_id" uuid NOT NULL,
	"verified" boolean DEFAULT true NOT NULL,
	"failed_verification_count" integer DEFAULT 0 NOT NULL,
	"locked_until" timestamp with time zone,
	CONSTRAINT "staff_two_factors_user_id_unique" UNIQUE("user_id")
);

CREATE TABLE "staff_verifications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE "ad_spend" ADD CONSTRAINT "ad_spend_import_id_ad_imports_id_fk" FOREIGN KEY ("import_id") REFERENCES "public"."ad_imports"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "search_terms" ADD CONSTRAINT "search_terms_import_id_ad_imports_id_fk" FOREIGN KEY ("import_id") REFERENCES "public"."ad_imports"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_assigned_by_staff_id_fk" FOREIGN KEY ("assigned_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "closures" ADD CONSTRAINT "closures_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "closures" ADD CONSTRAINT "closures_closed_by_staff_id_fk" FOREIGN KEY ("closed_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "closures" ADD CONSTRAINT "closures_reopened_by_staff_id_fk" FOREIGN KEY ("reopened_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "entries" ADD CONSTRAINT "entries_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "entries" ADD CONSTRAINT "entries_author_id_staff_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "download_grants" ADD CONSTRAINT "download_grants_lead_id_leads_id_fk" FOREIGN KEY ("lead_id") REFERENCES "public"."leads"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "download_grants" ADD CONSTRAINT "download_grants_guide_slug_guides_slug_fk" FOREIGN KEY ("guide_slug") REFERENCES "public"."guides"("slug") ON DELETE no action ON UPDATE no action;
ALTER TABLE "consultations" ADD CONSTRAINT "consultations_lead_id_leads_id_fk" FOREIGN KEY ("lead_id") REFERENCES "public"."leads"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "consultations" ADD CONSTRAINT "consultations_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "leads" ADD CONSTRAINT "leads_click_id_clicks_id_fk" FOREIGN KEY ("click_id") REFERENCES "public"."clicks"("id") ON DELETE set null ON UPDATE no action;
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_lead_id_leads_id_fk" FOREIGN KEY ("lead_id") REFERENCES "public"."leads"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_grant_id_download_grants_id_fk" FOREIGN KEY ("grant_id") REFERENCES "public"."download_grants"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_subscriber_id_subscribers_id_fk" FOREIGN KEY ("subscriber_id") REFERENCES "public"."subscribers"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_newsletter_id_newsletters_id_fk" FOREIGN KEY ("newsletter_id") REFERENCES "public"."newsletters"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_invitation_id_invitations_id_fk" FOREIGN KEY ("invitation_id") REFERENCES "public"."invitations"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "newsletters" ADD CONSTRAINT "newsletters_list_id_lists_id_fk" FOREIGN KEY ("list_id") REFERENCES "public"."lists"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "newsletters" ADD CONSTRAINT "newsletters_author_id_staff_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_subscriber_id_subscribers_id_fk" FOREIGN KEY ("subscriber_id") REFERENCES "public"."subscribers"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_list_id_lists_id_fk" FOREIGN KEY ("list_id") REFERENCES "public"."lists"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_consent_text_id_consent_texts_id_fk" FOREIGN KEY ("consent_text_id") REFERENCES "public"."consent_texts"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "audit_events" ADD CONSTRAINT "audit_events_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_invited_by_staff_id_fk" FOREIGN KEY ("invited_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_accepted_by_staff_id_fk" FOREIGN KEY ("accepted_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "staff_accounts" ADD CONSTRAINT "staff_accounts_user_id_staff_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."staff"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "staff_sessions" ADD CONSTRAINT "staff_sessions_user_id_staff_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."staff"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "staff_two_factors" ADD CONSTRAINT "staff_two_factors_user_id_staff_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."staff"("id") ON DELETE cascade ON UPDATE no action;
CREATE INDEX "ad_spend_import" ON "ad_spend" USING btree ("import_id");
CREATE INDEX "ad_spend_dates" ON "ad_spend" USING btree ("date_from","date_to");
CREATE UNIQUE INDEX "clicks_key" ON "clicks" USING btree ("click_key");
CREATE INDEX "clicks_landed" ON "clicks" USING btree ("landed_at");
CREATE INDEX "search_terms_import" ON "search_terms" USING btree ("import_id");
CREATE INDEX "search_terms_term" ON "search_terms" USING btree (lower("term"));
CREATE INDEX "assignments_case" ON "assignments" USING btree ("case_id");
CREATE INDEX "assignments_staff" ON "assignments" USING btree ("staff_id");
CREATE INDEX "cases_state" ON "cases" USING btree ("state","opened_at");
CREATE INDEX "closures_case" ON "closures" USING btree ("case_id");
CREATE INDEX "entries_case" ON "entries" USING btree ("case_id","happened_at");
CREATE UNIQUE INDEX "download_grants_token" ON "download_grants" USING btree ("token_hash");
CREATE INDEX "download_grants_lead" ON "download_grants" USING btree ("lead_id");
CREATE INDEX "consultations_case" ON "consultations" USING btree ("case_id");
CREATE INDEX "consultations_email" ON "consultations" USING btree ("email_index");
CREATE INDEX "consultations_phone" ON "consultations" USING btree ("phone_index");
CREATE UNIQUE INDEX "leads_reference" ON "leads" USING btree ("reference");
CREATE UNIQUE INDEX "leads_idempotency" ON "leads" USING btree ("idempotency_hmac");
CREATE INDEX "leads_click" ON "leads" USING btree ("click_id") WHERE "leads"."click_id" is not null;
CREATE INDEX "leads_received" ON "leads" USING btree ("received_at");
CREATE UNIQUE INDEX "rate_windows_key" ON "rate_windows" USING btree ("network","scope","minute");
CREATE INDEX "deliveries_due" ON "deliveries" USING btree ("lane","due_at") WHERE "deliveries"."state" in ('queued', 'retry');
CREATE INDEX "deliveries_leased" ON "deliveries" USING btree ("leased_until") WHERE "deliveries"."state" = 'leased';
CREATE INDEX "deliveries_queued" ON "deliveries" USING btree ("queued_at");
CREATE INDEX "deliveries_lead" ON "deliveries" USING btree ("lead_id");
CREATE UNIQUE INDEX "deliveries_newsletter_once" ON "deliveries" USING btree ("newsletter_id","subscriber_id") WHERE "deliveries"."kind" = 'newsletter';
CREATE UNIQUE INDEX "subscriptions_pair" ON "subscriptions" USING btree ("subscriber_id","list_id");
CREATE INDEX "subscriptions_list" ON "subscriptions" USING btree ("list_id","state");
CREATE INDEX "audit_events_noun" ON "audit_events" USING btree ("noun","noun_id");
CREATE INDEX "audit_events_staff" ON "audit_events" USING btree ("staff_id","at");
CREATE INDEX "staff_accounts_user" ON "staff_accounts" USING btree ("user_id");
CREATE INDEX "staff_sessions_user" ON "staff_sessions" USING btree ("user_id");
CREATE INDEX "staff_verifications_identifier" ON "staff_verifications" USING btree ("identifier");