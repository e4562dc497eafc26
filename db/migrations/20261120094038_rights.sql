-- Japanese search needs trigrams; the boot check proves that they work here.
create extension if not exists pg_trgm;

-- Counters of requests: losing them in a crash harms nobody, and unlogged rows are not flushed,
-- so counting costs an intake no wait for the disk.
alter table rate_windows set unlogged;

-- The application works as this role. A role belongs to the whole server, so it may exist already: then nothing is
-- created, which somebody without the right to create roles would be refused even so.
do $$ begin
  if not exists (select from pg_roles where rolname = 'komichi_app') then
    create role komichi_app nologin;
  end if;
exception
  when duplicate_object or unique_violation then null;
  when insufficient_privilege then
    raise exception 'An administrator of the server has to run once: CREATE ROLE komichi_app NOLOGIN; GRANT komichi_app TO %;', current_user;
end $$;
do $$ begin
  if not pg_has_role(current_user, 'komichi_app', 'set') then
    execute format('grant komichi_app to %I', current_user);
  end if;
end $$;
grant usage on schema public to komichi_app;
grant select, insert, update, delete on all tables in schema public to komichi_app;
grant usage, select on all sequences in schema public to komichi_app;
alter default privileges in schema public grant select, insert, update, delete on tables to komichi_app;
alter default privileges in schema public grant usage, select on sequences to komichi_app;

-- Who did what is written once and stays.
revoke update, delete, truncate on audit_events from komichi_app;

-- Aborts the statement that would exceed a network's allowance, so that nothing of it is kept.
create function within_allowance(used integer, allowed integer) returns boolean
language plpgsql immutable as $$
begin
  if used > allowed then
    raise exception 'allowance exceeded' using errcode = 'KM429';
  end if;
  return true;
end $$;

insert into lists (id, slug, name) values (uuidv7(), 'news', 'メールマガジン');
