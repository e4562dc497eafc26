-- by hand
-- Stored public pages are rendered anew in every process when what they show changes (api/web/server.ts). A
-- trigger sees every change, whichever process, command or person made it, and only those that are committed.
create function notify_pages_changed() returns trigger language plpgsql as $$
begin
  notify pages_changed;
  return null;
end $$;

create trigger pages_changed after insert or update or delete or truncate on guides
  for each statement execute function notify_pages_changed();

create trigger pages_changed after insert or update or delete or truncate on guide_versions
  for each statement execute function notify_pages_changed();

create trigger pages_changed after insert or update or delete or truncate on lists
  for each statement execute function notify_pages_changed();

-- Not when a draft is written or the state of sending changes: pages show an issue from the moment it is sent.
create trigger pages_changed after update of sent_at, slug or delete or truncate on newsletters
  for each statement execute function notify_pages_changed();
