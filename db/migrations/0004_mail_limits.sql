CREATE TABLE "mail_counts" (
	"address" "bytea" NOT NULL,
	"kind" text NOT NULL,
	"about" text NOT NULL,
	"counted_at" timestamp with time zone NOT NULL
);

ALTER TABLE "subscribers" ADD COLUMN "confirmation_mail_at" timestamp with time zone;
CREATE INDEX "mail_counts_address" ON "mail_counts" USING btree ("address","kind");

-- by hand
-- Counters only: losing them in a crash harms nobody, and counting waits for no disk.
alter table mail_counts set unlogged;

-- Counts one more mail to an address, if fewer than `most` of its kind, and fewer than `most_each` about
-- this very thing, were counted in the `hours` before. One at a time for an address: whoever waits at the
-- lock sees what the one before has counted.
create function count_mail(
  recipient bytea, what text, thing text, moment timestamptz, hours integer, most integer, most_each integer
) returns boolean
language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(what || encode(recipient, 'hex'), 0));
  if exists (
    select 1 from mail_counts
    where address = recipient and kind = what and counted_at > moment - make_interval(hours => hours)
    having count(*) >= most or count(*) filter (where about = thing) >= most_each
  ) then
    return false;
  end if;
  insert into mail_counts (address, kind, about, counted_at) values (recipient, what, thing, moment);
  return true;
end $$;
