CREATE TABLE "published_quarters" (
	"quarter" text NOT NULL,
	"is_sample" boolean DEFAULT false NOT NULL,
	"numbers" jsonb NOT NULL,
	"published_at" timestamp with time zone NOT NULL,
	CONSTRAINT "published_quarters_quarter_is_sample_pk" PRIMARY KEY("quarter","is_sample")
);

-- by hand: pages with numbers are rendered anew in every process (api/web/server.ts)
create trigger pages_changed after insert or update or delete or truncate on published_quarters
  for each statement execute function notify_pages_changed();

-- by hand: what is published stays as it is; a later number beside the earlier one would tell whom a correction was
-- about. The invented quarters go with the sample.
create function refuse_change_of_published_quarter() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and old.is_sample then
    return old;
  end if;
  raise exception 'the numbers of a published quarter do not change';
end $$;

create trigger published_quarters_frozen before update or delete on published_quarters
  for each row execute function refuse_change_of_published_quarter();
revoke update, truncate on published_quarters from komichi_app;
