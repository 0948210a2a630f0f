-- A recount of leads is a job like others (000025): what was asked for goes on there, what has ended is told of there. The table stays,
-- empty: where tables are distributed, the files of sql/citus come after all of these, and one of them names it.
insert into job (workspace_id, id, kind, subject, state, input, revision, cursor, done, failed, total, result, attempts, requested_by,
                 requested_at, due_at, started_at, updated_at, finished_at)
select r.workspace_id, gen_random_uuid(), 'recount', '', case when r.finished_at is null then 'waiting' else 'finished' end,
       json_build_object('campaignIds', r.campaign_ids), 0,
       case when r.cursor is not null then json_build_object('leadId', r.cursor) end,
       r.done, 0, case when r.cursor is not null then r.total end,
       case when r.finished_at is not null then json_build_object('leads', r.done) end, 0, 'configuration',
       r.requested_at, r.requested_at, case when r.cursor is not null then r.requested_at end, r.updated_at, r.finished_at
  from conversation_recount r;
delete from conversation_recount;
