CREATE TABLE "approvals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"content_id" uuid NOT NULL,
	"locale" text,
	"revision_no" integer,
	"picture_id" uuid,
	"reference" text NOT NULL,
	"wrapped_key" "bytea",
	"given_by" "bytea",
	"given_on" date NOT NULL,
	"until" date,
	"channels" text[] NOT NULL,
	"translates_locale" text,
	"translates_no" integer,
	"recorded_by" uuid,
	"recorded_at" timestamp with time zone NOT NULL,
	"withdrawn_at" timestamp with time zone,
	"reminded_at" timestamp with time zone,
	CONSTRAINT "approvals_what" CHECK (("approvals"."revision_no" is not null and "approvals"."locale" is not null) or "approvals"."picture_id" is not null),
	CONSTRAINT "approvals_until" CHECK (("approvals"."until" is null) = ("approvals"."translates_no" is not null))
);

CREATE TABLE "preview_links" (
	"id" uuid PRIMARY KEY NOT NULL,
	"content_id" uuid NOT NULL,
	"locale" text NOT NULL,
	"revision_no" integer NOT NULL,
	"purpose" text NOT NULL,
	"made_by" uuid NOT NULL,
	"made_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	"answer" text,
	"answered_at" timestamp with time zone,
	"wrapped_key" "bytea",
	"answer_words" "bytea"
);

CREATE TABLE "publication_uses" (
	"id" uuid PRIMARY KEY NOT NULL,
	"content_id" uuid NOT NULL,
	"place" text NOT NULL,
	"used_on" date NOT NULL,
	"noted_by" uuid NOT NULL,
	"noted_at" timestamp with time zone NOT NULL
);

CREATE TABLE "content" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"slug" text NOT NULL,
	"position" integer NOT NULL,
	"facts" jsonb NOT NULL,
	"facts_version" integer DEFAULT 1 NOT NULL,
	"created_by" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"archived_at" timestamp with time zone
);

CREATE TABLE "content_lists" (
	"kind" text PRIMARY KEY NOT NULL,
	"version" integer DEFAULT 0 NOT NULL
);

CREATE TABLE "content_revisions" (
	"content_id" uuid NOT NULL,
	"locale" text NOT NULL,
	"no" integer NOT NULL,
	"body" jsonb NOT NULL,
	"written_by" uuid,
	"written_at" timestamp with time zone NOT NULL,
	"origin" text NOT NULL,
	CONSTRAINT "content_revisions_content_id_locale_no_pk" PRIMARY KEY("content_id","locale","no")
);

CREATE TABLE "content_texts" (
	"content_id" uuid NOT NULL,
	"locale" text NOT NULL,
	"published_no" integer,
	"published_at" timestamp with time zone,
	"scheduled_no" integer,
	"publish_at" timestamp with time zone,
	"withdrawn_at" timestamp with time zone,
	"made_from" integer,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "content_texts_content_id_locale_pk" PRIMARY KEY("content_id","locale"),
	CONSTRAINT "content_texts_schedule" CHECK (("content_texts"."scheduled_no" is null) = ("content_texts"."publish_at" is null))
);

CREATE TABLE "picture_files" (
	"picture_id" uuid NOT NULL,
	"variant" text NOT NULL,
	"type" text NOT NULL,
	"width" integer NOT NULL,
	"height" integer NOT NULL,
	"sha256" text NOT NULL,
	"content" "bytea" NOT NULL,
	CONSTRAINT "picture_files_picture_id_variant_type_pk" PRIMARY KEY("picture_id","variant","type")
);

CREATE TABLE "pictures" (
	"id" uuid PRIMARY KEY NOT NULL,
	"needs_consent" boolean NOT NULL,
	"focal_point" text DEFAULT 'centre' NOT NULL,
	"alt" jsonb NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"uploaded_by" uuid,
	"uploaded_at" timestamp with time zone NOT NULL,
	"removed_at" timestamp with time zone
);

ALTER TABLE "approvals" ADD CONSTRAINT "approvals_content_id_content_id_fk" FOREIGN KEY ("content_id") REFERENCES "public"."content"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_picture_id_pictures_id_fk" FOREIGN KEY ("picture_id") REFERENCES "public"."pictures"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_recorded_by_staff_id_fk" FOREIGN KEY ("recorded_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "preview_links" ADD CONSTRAINT "preview_links_content_id_content_id_fk" FOREIGN KEY ("content_id") REFERENCES "public"."content"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "preview_links" ADD CONSTRAINT "preview_links_made_by_staff_id_fk" FOREIGN KEY ("made_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "publication_uses" ADD CONSTRAINT "publication_uses_content_id_content_id_fk" FOREIGN KEY ("content_id") REFERENCES "public"."content"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "publication_uses" ADD CONSTRAINT "publication_uses_noted_by_staff_id_fk" FOREIGN KEY ("noted_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "content" ADD CONSTRAINT "content_created_by_staff_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "content_revisions" ADD CONSTRAINT "content_revisions_content_id_content_id_fk" FOREIGN KEY ("content_id") REFERENCES "public"."content"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "content_revisions" ADD CONSTRAINT "content_revisions_written_by_staff_id_fk" FOREIGN KEY ("written_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "content_texts" ADD CONSTRAINT "content_texts_content_id_content_id_fk" FOREIGN KEY ("content_id") REFERENCES "public"."content"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "content_texts" ADD CONSTRAINT "content_texts_published" FOREIGN KEY ("content_id","locale","published_no") REFERENCES "public"."content_revisions"("content_id","locale","no") ON DELETE no action ON UPDATE no action;
ALTER TABLE "content_texts" ADD CONSTRAINT "content_texts_scheduled" FOREIGN KEY ("content_id","locale","scheduled_no") REFERENCES "public"."content_revisions"("content_id","locale","no") ON DELETE no action ON UPDATE no action;
ALTER TABLE "picture_files" ADD CONSTRAINT "picture_files_picture_id_pictures_id_fk" FOREIGN KEY ("picture_id") REFERENCES "public"."pictures"("id") ON DELETE no action ON UPDATE no action;
ALTER TABLE "pictures" ADD CONSTRAINT "pictures_uploaded_by_staff_id_fk" FOREIGN KEY ("uploaded_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;
CREATE INDEX "approvals_text" ON "approvals" USING btree ("content_id","locale","revision_no");
CREATE INDEX "approvals_picture" ON "approvals" USING btree ("picture_id");
CREATE INDEX "preview_links_content" ON "preview_links" USING btree ("content_id");
CREATE INDEX "publication_uses_content" ON "publication_uses" USING btree ("content_id");
CREATE UNIQUE INDEX "content_slug" ON "content" USING btree ("kind","slug");
CREATE INDEX "content_list" ON "content" USING btree ("kind","position");
-- by hand: pictures are compressed already, and large values are not written anew when the row beside them changes
alter table picture_files alter column content set storage external;
alter table picture_files alter column content set statistics 0;
alter table approvals alter column wrapped_key set statistics 0, alter column given_by set statistics 0;
alter table preview_links alter column wrapped_key set statistics 0, alter column answer_words set statistics 0;

-- by hand: a revision is what somebody approved; it is deleted with its entry, and never another text
revoke update, truncate on content_revisions from komichi_app;

-- by hand: the newest consent to each text replaces the ones before, also where it was withdrawn. A translation holds as
-- long as what it translates.
create view text_consents as
with newest as (
  select distinct on (content_id, locale, revision_no) *
  from approvals
  where revision_no is not null
  order by content_id, locale, revision_no, recorded_at desc, id desc
)
select n.content_id, n.locale, n.revision_no,
  case
    when n.withdrawn_at is not null or not 'site' = any (n.channels) then null
    when n.translates_no is null then n.until
    when s.withdrawn_at is null and 'site' = any (s.channels) then s.until
  end as last_day
from newest n
left join newest s on s.content_id = n.content_id and s.locale = n.translates_locale
  and s.revision_no = n.translates_no and s.translates_no is null;

-- by hand: the newest consent to each picture of an entry
create view picture_consents as
with newest as (
  select distinct on (content_id, picture_id) *
  from approvals
  where picture_id is not null
  order by content_id, picture_id, recorded_at desc, id desc
)
select content_id, picture_id, until as last_day
from newest
where withdrawn_at is null and 'site' = any (channels);

-- by hand: what of a text is shown, and when. The one rule for pages, pictures, feeds, the sitemap, lists and the register:
-- a row is public at a moment of [shown_from, shown_to), where no consent is needed or last_day is not over in Asia/Tokyo.
-- A scheduled revision without a consent to it leaves the published one where it is.
create view content_periods as
with texts as (
  select t.content_id, t.locale, t.published_no, t.scheduled_no, t.publish_at,
    c.kind in ('story', 'voice', 'person') as needs_consent,
    c.kind not in ('story', 'voice', 'person') or exists (
      select from text_consents a
      where a.content_id = t.content_id and a.locale = t.locale and a.revision_no = t.scheduled_no
    ) as is_ready
  from content_texts t
  join content c on c.id = t.content_id and c.archived_at is null
  where t.withdrawn_at is null
), periods as (
  select content_id, locale, published_no as revision_no, null::timestamptz as shown_from,
    case when is_ready then publish_at end as shown_to, needs_consent
  from texts where published_no is not null
  union all
  select content_id, locale, scheduled_no, publish_at, null, needs_consent
  from texts where scheduled_no is not null and is_ready
)
select p.content_id, p.locale, p.revision_no, p.shown_from, p.shown_to, p.needs_consent, a.last_day
from periods p
left join text_consents a on a.content_id = p.content_id and a.locale = p.locale and a.revision_no = p.revision_no;

-- by hand: every process that serves pages reads what is published anew (api/published/store.ts)
create function notify_content_changed() returns trigger language plpgsql as $$
begin
  notify content_changed;
  return null;
end $$;

create trigger content_changed after insert or update or delete or truncate on content
  for each statement execute function notify_content_changed();
create trigger content_changed after insert or update or delete or truncate on content_texts
  for each statement execute function notify_content_changed();
create trigger content_changed after insert or update or delete or truncate on approvals
  for each statement execute function notify_content_changed();
create trigger content_changed after insert or update or delete or truncate on pictures
  for each statement execute function notify_content_changed();
