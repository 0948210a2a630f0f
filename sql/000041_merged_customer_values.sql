-- What merge policies of extended properties make of several profiles, as GET shows it: {path: [value, seq]}. Null: nothing.
alter table customer_index add column merged_values jsonb;

-- Customers of workspaces that have a schema of such properties are searched by what it lets them show once their rows are made anew.
insert into job (workspace_id, id, kind, subject, state, input, revision, done, failed, attempts, requested_by, requested_at, due_at,
                 updated_at)
select h.workspace_id, gen_random_uuid(), 'rebuild', 'customersIndexed', 'waiting', '{}'::json, 0, 0, 0, 0, 'configuration', n.now, n.now, n.now
  from workspace w
  join workspace_head h on h.workspace_id = w.id
 cross join (select date_trunc('milliseconds', now()) as now) n
 where w.settings #> '{dialects,contacthub,extendedProperties}' is not null
on conflict (workspace_id, kind, subject) where state in ('waiting', 'running')
   do update set revision = job.revision + 1, cursor = null, done = 0, total = null;
