CREATE TABLE "ad_upload_parts" (
	"upload_id" uuid NOT NULL,
	"part" integer NOT NULL,
	"content" "bytea" NOT NULL,
	CONSTRAINT "ad_upload_parts_upload_id_part_pk" PRIMARY KEY("upload_id","part")
);

CREATE TABLE "ad_uploads" (
	"id" uuid PRIMARY KEY NOT NULL,
	"staff_id" uuid NOT NULL,
	"file_name" text NOT NULL,
	"bytes" integer NOT NULL,
	"account" text,
	"currency" text,
	"time_zone" text,
	"period_from" date,
	"period_to" date,
	"state" text NOT NULL,
	"rows_read" integer DEFAULT 0 NOT NULL,
	"preview" jsonb,
	"refusal" text,
	"import_id" uuid,
	"uploaded_at" timestamp with time zone DEFAULT now() NOT NULL,
	"active_at" timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE "bids" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "bids_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"account" text NOT NULL,
	"platform" text,
	"spelling" text NOT NULL,
	"campaign_id" text,
	"campaign" text NOT NULL,
	"ad_group_id" text,
	"ad_group" text NOT NULL,
	"keyword_id" text,
	"keyword" text NOT NULL,
	"match_type" text,
	"keyword_key" text,
	"same_as" integer,
	"campaign_key" text NOT NULL,
	"known_campaign_id" text,
	"known_ad_group_id" text,
	"known_keyword_id" text
);

CREATE TABLE "spend_months" (
	"bid_id" integer NOT NULL,
	"month" date NOT NULL,
	"report" text NOT NULL,
	"impressions" bigint NOT NULL,
	"clicks" bigint NOT NULL,
	"cost" numeric(20, 6) NOT NULL,
	CONSTRAINT "spend_months_bid_id_month_report_pk" PRIMARY KEY("bid_id","month","report")
);

CREATE TABLE "spend_spans" (
	"bid_id" integer NOT NULL,
	"import_no" integer NOT NULL,
	"report" text NOT NULL,
	"date_from" date NOT NULL,
	"date_to" date NOT NULL,
	"state" text NOT NULL,
	"impressions" bigint NOT NULL,
	"clicks" bigint NOT NULL,
	"cost" numeric(20, 6) NOT NULL,
	"clicks_apart" bigint DEFAULT 0 NOT NULL,
	"cost_apart" numeric(20, 6) DEFAULT '0' NOT NULL,
	"days" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "spend_spans_bid_id_import_no_report_date_from_date_to_pk" PRIMARY KEY("bid_id","import_no","report","date_from","date_to")
);

ALTER TABLE "ad_imports" DROP CONSTRAINT "ad_imports_file_hash_unique";
ALTER TABLE "ad_spend" DROP CONSTRAINT "ad_spend_import_id_ad_imports_id_fk";

ALTER TABLE "search_terms" DROP CONSTRAINT "search_terms_import_id_ad_imports_id_fk";

DROP INDEX "ad_spend_import";
DROP INDEX "search_terms_import";
ALTER TABLE "ad_spend" ALTER COLUMN "cost" SET DATA TYPE numeric(20, 6);
ALTER TABLE "ad_spend" ALTER COLUMN "conversions" SET DATA TYPE numeric(14, 2);
ALTER TABLE "search_terms" ALTER COLUMN "cost" SET DATA TYPE numeric(20, 6);
ALTER TABLE "search_terms" ALTER COLUMN "conversions" SET DATA TYPE numeric(14, 2);
-- by hand: imports are numbered in the order in which they were imported
ALTER TABLE "ad_imports" ADD COLUMN "no" integer;
UPDATE "ad_imports" i SET "no" = o.n FROM (SELECT "id", row_number() OVER (ORDER BY "imported_at", "id")::int AS n FROM "ad_imports") o WHERE o."id" = i."id";
ALTER TABLE "ad_imports" ALTER COLUMN "no" SET NOT NULL;
ALTER TABLE "ad_imports" ALTER COLUMN "no" ADD GENERATED ALWAYS AS IDENTITY (sequence name "ad_imports_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1);
SELECT setval('ad_imports_no_seq', coalesce(max("no"), 0) + 1, false) FROM "ad_imports";
ALTER TABLE "ad_imports" ADD CONSTRAINT "ad_imports_no_unique" UNIQUE("no");
-- until here
ALTER TABLE "ad_imports" ADD COLUMN "platform" text;
ALTER TABLE "ad_imports" ADD COLUMN "time_zone" text DEFAULT 'Asia/Tokyo' NOT NULL;
ALTER TABLE "ad_imports" ADD COLUMN "granularity" text DEFAULT 'day' NOT NULL;
ALTER TABLE "ad_imports" ADD COLUMN "rows" integer DEFAULT 0 NOT NULL;
ALTER TABLE "ad_imports" ADD COLUMN "impressions" bigint DEFAULT 0 NOT NULL;
ALTER TABLE "ad_imports" ADD COLUMN "clicks" bigint DEFAULT 0 NOT NULL;
ALTER TABLE "ad_imports" ADD COLUMN "cost" numeric(20, 6) DEFAULT '0' NOT NULL;
ALTER TABLE "ad_imports" ADD COLUMN "notes" jsonb DEFAULT '[]'::jsonb NOT NULL;
ALTER TABLE "ad_imports" ADD COLUMN "imported_by" uuid;
ALTER TABLE "ad_imports" ADD COLUMN "undone_at" timestamp with time zone;
ALTER TABLE "ad_imports" ADD COLUMN "undone_by" uuid;
ALTER TABLE "ad_spend" ADD COLUMN "import_no" integer;
ALTER TABLE "ad_spend" ADD COLUMN "bid_id" integer;
ALTER TABLE "ad_spend" ADD COLUMN "device" text;
ALTER TABLE "ad_spend" ADD COLUMN "counted" boolean DEFAULT false NOT NULL;
ALTER TABLE "search_terms" ADD COLUMN "import_no" integer;
ALTER TABLE "search_terms" ADD COLUMN "bid_id" integer;
ALTER TABLE "search_terms" ADD COLUMN "device" text;
ALTER TABLE "search_terms" ADD COLUMN "counted" boolean DEFAULT false NOT NULL;
-- by hand: lines of the older version become bids and lines. There no two lines of a report spoke of the same day, so all
-- of them count, but those of search terms where the keywords of their account and day are known.
INSERT INTO "bids" ("account", "spelling", "campaign_id", "campaign", "ad_group_id", "ad_group", "keyword_id", "keyword", "match_type", "campaign_key", "known_campaign_id", "known_ad_group_id", "known_keyword_id")
SELECT DISTINCT ON (l."account", l."spelling") l."account", l."spelling", l."campaign_id", l."campaign", l."ad_group_id", l."ad_group", l."keyword_id", l."keyword", l."match_type", '', l."campaign_id", l."ad_group_id", l."keyword_id"
FROM (
	SELECT i."account", encode(sha256(convert_to(concat_ws(chr(31), coalesce(s."campaign_id", ''), coalesce(s."campaign", ''), coalesce(s."ad_group_id", ''), coalesce(s."ad_group", ''), coalesce(s."keyword_id", ''), coalesce(s."keyword", ''), coalesce(s."match_type", '')), 'UTF8')), 'base64') AS "spelling", s."campaign_id", s."campaign", s."ad_group_id", s."ad_group", s."keyword_id", s."keyword", s."match_type" FROM "ad_spend" s JOIN "ad_imports" i ON i."id" = s."import_id"
	UNION ALL SELECT i."account", encode(sha256(convert_to(concat_ws(chr(31), coalesce(t."campaign_id", ''), coalesce(t."campaign", ''), coalesce(t."ad_group_id", ''), coalesce(t."ad_group", ''), coalesce(t."keyword_id", ''), coalesce(t."keyword", ''), coalesce(t."match_type", '')), 'UTF8')), 'base64'), t."campaign_id", t."campaign", t."ad_group_id", t."ad_group", t."keyword_id", t."keyword", t."match_type" FROM "search_terms" t JOIN "ad_imports" i ON i."id" = t."import_id"
) l;
UPDATE "bids" b SET "same_as" = b."id", "campaign_key" = coalesce(k."known", '=' || b."campaign")
FROM (
	SELECT "id", coalesce("campaign_id", CASE WHEN min("campaign_id") OVER w = max("campaign_id") OVER w THEN min("campaign_id") OVER w END) AS "known"
	FROM "bids" WINDOW w AS (PARTITION BY "account", "campaign")
) k WHERE k."id" = b."id";
UPDATE "ad_spend" s SET "import_no" = i."no", "bid_id" = b."id"
FROM "ad_imports" i, "bids" b WHERE i."id" = s."import_id" AND b."account" = i."account" AND b."spelling" = encode(sha256(convert_to(concat_ws(chr(31), coalesce(s."campaign_id", ''), coalesce(s."campaign", ''), coalesce(s."ad_group_id", ''), coalesce(s."ad_group", ''), coalesce(s."keyword_id", ''), coalesce(s."keyword", ''), coalesce(s."match_type", '')), 'UTF8')), 'base64');
ALTER TABLE "ad_spend" ALTER COLUMN "import_no" SET NOT NULL;
ALTER TABLE "ad_spend" ALTER COLUMN "bid_id" SET NOT NULL;
UPDATE "search_terms" s SET "import_no" = i."no", "bid_id" = b."id"
FROM "ad_imports" i, "bids" b WHERE i."id" = s."import_id" AND b."account" = i."account" AND b."spelling" = encode(sha256(convert_to(concat_ws(chr(31), coalesce(s."campaign_id", ''), coalesce(s."campaign", ''), coalesce(s."ad_group_id", ''), coalesce(s."ad_group", ''), coalesce(s."keyword_id", ''), coalesce(s."keyword", ''), coalesce(s."match_type", '')), 'UTF8')), 'base64');
ALTER TABLE "search_terms" ALTER COLUMN "import_no" SET NOT NULL;
ALTER TABLE "search_terms" ALTER COLUMN "bid_id" SET NOT NULL;
UPDATE "ad_spend" SET "counted" = true WHERE "date_from" = "date_to";
UPDATE "search_terms" t SET "counted" = true FROM "bids" b WHERE b."id" = t."bid_id" AND t."date_from" = t."date_to" AND NOT EXISTS (
	SELECT FROM "ad_spend" s JOIN "bids" k ON k."id" = s."bid_id"
	WHERE k."account" = b."account" AND s."date_from" <= t."date_to" AND s."date_to" >= t."date_from");
INSERT INTO "spend_spans" ("bid_id", "import_no", "report", "date_from", "date_to", "state", "impressions", "clicks", "cost")
SELECT "bid_id", "import_no", 'keywords', "date_from", "date_to", 'counted', sum("impressions"), sum("clicks"), sum("cost")
FROM "ad_spend" WHERE "date_from" < "date_to" GROUP BY 1, 2, 4, 5
UNION ALL SELECT t."bid_id", t."import_no", 'search_terms', t."date_from", t."date_to", 'counted', sum(t."impressions"), sum(t."clicks"), sum(t."cost")
FROM "search_terms" t JOIN "bids" b ON b."id" = t."bid_id" WHERE t."date_from" < t."date_to" AND NOT EXISTS (
	SELECT FROM "ad_spend" s JOIN "bids" k ON k."id" = s."bid_id"
	WHERE k."account" = b."account" AND s."date_from" <= t."date_to" AND s."date_to" >= t."date_from")
GROUP BY 1, 2, 4, 5;
INSERT INTO "spend_months" ("bid_id", "month", "report", "impressions", "clicks", "cost")
SELECT "bid_id", date_trunc('month', "date_from")::date, 'keywords', sum("impressions"), sum("clicks"), sum("cost") FROM "ad_spend" WHERE "counted" GROUP BY 1, 2
UNION ALL SELECT "bid_id", date_trunc('month', "date_from")::date, 'search_terms', sum("impressions"), sum("clicks"), sum("cost") FROM "search_terms" WHERE "counted" GROUP BY 1, 2;
UPDATE "ad_imports" i SET "rows" = l."rows", "impressions" = l."impressions", "clicks" = l."clicks", "cost" = l."cost",
	"granularity" = CASE WHEN l."days" THEN 'day' ELSE 'sum' END
FROM (
	SELECT "import_no", count(*) AS "rows", sum("impressions") AS "impressions", sum("clicks") AS "clicks", sum("cost") AS "cost", bool_and("date_from" = "date_to") AS "days"
	FROM (SELECT "import_no", "impressions", "clicks", "cost", "date_from", "date_to" FROM "ad_spend"
		UNION ALL SELECT "import_no", "impressions", "clicks", "cost", "date_from", "date_to" FROM "search_terms") a GROUP BY 1
) l WHERE l."import_no" = i."no";
-- The planner keeps no copy of a file that somebody is about to import.
ALTER TABLE "ad_upload_parts" ALTER COLUMN "content" SET STATISTICS 0;
-- until here
ALTER TABLE "ad_upload_parts" ADD CONSTRAINT "ad_upload_parts_upload_id_ad_uploads_id_fk" FOREIGN KEY ("upload_id") REFERENCES "public"."ad_uploads"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "ad_uploads" ADD CONSTRAINT "ad_uploads_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "ad_uploads" ADD CONSTRAINT "ad_uploads_import_id_ad_imports_id_fk" FOREIGN KEY ("import_id") REFERENCES "public"."ad_imports"("id") ON DELETE set null ON UPDATE no action;
ALTER TABLE "spend_months" ADD CONSTRAINT "spend_months_bid_id_bids_id_fk" FOREIGN KEY ("bid_id") REFERENCES "public"."bids"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "spend_spans" ADD CONSTRAINT "spend_spans_bid_id_bids_id_fk" FOREIGN KEY ("bid_id") REFERENCES "public"."bids"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "spend_spans" ADD CONSTRAINT "spend_spans_import_no_ad_imports_no_fk" FOREIGN KEY ("import_no") REFERENCES "public"."ad_imports"("no") ON DELETE cascade ON UPDATE no action;
CREATE UNIQUE INDEX "bids_spelling" ON "bids" USING btree ("account","spelling");
CREATE INDEX "spend_months_month" ON "spend_months" USING btree ("month");
CREATE INDEX "spend_spans_dates" ON "spend_spans" USING btree ("date_from","date_to");
ALTER TABLE "ad_imports" ADD CONSTRAINT "ad_imports_imported_by_staff_id_fk" FOREIGN KEY ("imported_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "ad_imports" ADD CONSTRAINT "ad_imports_undone_by_staff_id_fk" FOREIGN KEY ("undone_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "ad_spend" ADD CONSTRAINT "ad_spend_import_no_ad_imports_no_fk" FOREIGN KEY ("import_no") REFERENCES "public"."ad_imports"("no") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "ad_spend" ADD CONSTRAINT "ad_spend_bid_id_bids_id_fk" FOREIGN KEY ("bid_id") REFERENCES "public"."bids"("id") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "search_terms" ADD CONSTRAINT "search_terms_import_no_ad_imports_no_fk" FOREIGN KEY ("import_no") REFERENCES "public"."ad_imports"("no") ON DELETE cascade ON UPDATE no action;
ALTER TABLE "search_terms" ADD CONSTRAINT "search_terms_bid_id_bids_id_fk" FOREIGN KEY ("bid_id") REFERENCES "public"."bids"("id") ON DELETE cascade ON UPDATE no action;
CREATE UNIQUE INDEX "ad_imports_file_hash" ON "ad_imports" USING btree ("file_hash") WHERE "ad_imports"."undone_at" is null;
CREATE INDEX "ad_imports_account" ON "ad_imports" USING btree ("account");
CREATE INDEX "ad_spend_bid" ON "ad_spend" USING btree ("bid_id");
CREATE INDEX "search_terms_bid" ON "search_terms" USING btree ("bid_id");
CREATE INDEX "search_terms_dates" ON "search_terms" USING btree ("date_from","date_to");
CREATE INDEX "ad_spend_import" ON "ad_spend" USING btree ("import_no");
CREATE INDEX "search_terms_import" ON "search_terms" USING btree ("import_no");
ALTER TABLE "ad_spend" DROP COLUMN "import_id";
ALTER TABLE "ad_spend" DROP COLUMN "campaign_id";
ALTER TABLE "ad_spend" DROP COLUMN "campaign";
ALTER TABLE "ad_spend" DROP COLUMN "ad_group_id";
ALTER TABLE "ad_spend" DROP COLUMN "ad_group";
ALTER TABLE "ad_spend" DROP COLUMN "keyword_id";
ALTER TABLE "ad_spend" DROP COLUMN "keyword";
ALTER TABLE "ad_spend" DROP COLUMN "match_type";
ALTER TABLE "search_terms" DROP COLUMN "import_id";
ALTER TABLE "search_terms" DROP COLUMN "campaign_id";
ALTER TABLE "search_terms" DROP COLUMN "campaign";
ALTER TABLE "search_terms" DROP COLUMN "ad_group_id";
ALTER TABLE "search_terms" DROP COLUMN "ad_group";
ALTER TABLE "search_terms" DROP COLUMN "keyword_id";
ALTER TABLE "search_terms" DROP COLUMN "keyword";
ALTER TABLE "search_terms" DROP COLUMN "match_type";
