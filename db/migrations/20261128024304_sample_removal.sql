-- by hand: rows of these tables cannot be deleted by the application. The invented ones of the sample can, through this
-- function alone, which takes no case that a lead of another channel belongs to (api/sample/remove.ts)
create function delete_sample_records(sample_cases uuid[]) returns void
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (
    select from consultations c join leads l on l.id = c.lead_id
    where c.case_id = any(sample_cases) and l.channel <> 'sample'
  ) then
    raise exception 'a case is not the sample''s';
  end if;
  delete from promises where case_id = any(sample_cases);
  -- also what invented staff, who cannot sign in, have left in a case of a real family: an earlier release did that
  delete from contact_corrections where case_id = any(sample_cases) or corrected_by in (select id from staff where email ~ '^sample-staff-[0-9]+@example\.jp$');
  delete from side_notes where case_id = any(sample_cases) or written_by in (select id from staff where email ~ '^sample-staff-[0-9]+@example\.jp$');
end $$;

-- by hand: whom other rows still name, such as the audit trail, stays as somebody who is disabled
create function remove_sample_staff(sample_staff uuid, disabled timestamp with time zone) returns void
  language plpgsql as $$
begin
  delete from staff where id = sample_staff;
exception when foreign_key_violation then
  update staff set disabled_at = coalesce(disabled_at, disabled) where id = sample_staff;
end $$;
