-- Events by day are counted by the source that they came in by, too (0: by none); what is counted already, by a rebuild.
alter table rollup_day_origin add column source_id integer not null default 0;
alter table rollup_day_origin alter column source_id drop default;
alter table rollup_day_origin drop constraint rollup_day_origin_pkey;
alter table rollup_day_origin add primary key (workspace_id, day, type_id, node_id, context, source_id);

insert into job (workspace_id, id, kind, subject, state, input, revision, done, failed, attempts, requested_by, requested_at, due_at,
                 updated_at)
select h.workspace_id, gen_random_uuid(), 'rebuild', 'rollupSlices', 'waiting', '{}'::json, 0, 0, 0, 0, 'configuration', n.now, n.now, n.now
  from workspace_head h
 cross join (select date_trunc('milliseconds', now()) as now) n
 where exists (select from rollup_day_origin r where r.workspace_id = h.workspace_id)
on conflict (workspace_id, kind, subject) where state in ('waiting', 'running')
   do update set revision = job.revision + 1, cursor = null, done = 0, total = null;
