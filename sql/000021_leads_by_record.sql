-- Profiles that links make one are one lead, whose rows have the profile that names the record. Events of one second go as their messages
-- do: rank 0 tells of a click, seq is the stored message's. phone is null where WhatsApp told the lead's user id alone.
alter table conversation_event add column rank smallint not null default 1;
alter table conversation_event add column seq bigint not null default 0;
alter table conversation_event alter column phone drop not null;

-- Of a lead's state this stays with the profile: when it was named last.
insert into profile_state (workspace_id, profile_id, name, value)
select workspace_id, profile_id, 'lead-name', json_build_object('at', (value->'named'->>'at')::bigint)
  from profile_state where name = 'conversations' and value->'named'->>'at' is not null
on conflict do nothing;

-- The rest was remembered by the old order of messages, and is made anew.
delete from profile_state where name = 'conversations';
insert into conversation_recount (workspace_id, total, done, requested_at, updated_at)
select distinct workspace_id, 0, 0, now(), now() from event_type where dialect = 'signals' and name = 'message'
on conflict (workspace_id) do update
  set campaign_ids = null, cursor = null, total = 0, done = 0, requested_at = excluded.requested_at,
      updated_at = excluded.updated_at, finished_at = null;

-- Workspaces whose keys are spelt as they were before: jobs/respell-keys.ts spells them anew and takes the row out.
create table key_respelling (workspace_id integer primary key);
insert into key_respelling select workspace_id from workspace_head;
