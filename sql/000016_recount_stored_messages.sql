-- Messages that were stored before there were conversation tables: the job that takes up recounts folds their leads. Leads that are
-- counted already come out the same. A recount of some campaigns alone would leave the others out.
insert into conversation_recount as r (workspace_id, total, done, requested_at, updated_at)
select distinct workspace_id, 0, 0, now(), now() from event_type where dialect = 'signals' and name = 'message'
on conflict (workspace_id) do update
  set campaign_ids = null, cursor = null, total = 0, done = 0, requested_at = excluded.requested_at,
      updated_at = excluded.updated_at, finished_at = null
  where r.campaign_ids is not null;
