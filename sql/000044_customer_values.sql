-- What the records of customer_index show of extended properties that are marked as indexed, where it is a number or a text: ranges and
-- orders are found by it. All of it follows from the profiles.
create table customer_value (
  workspace_id integer not null,
  record_id uuid not null,
  node_id integer not null,
  -- A number that stands for its path: names are long.
  property bigint not null,
  number numeric,
  -- The first 500 characters, which an entry of the index has room for.
  text text collate "C",
  primary key (workspace_id, record_id, property)
);
-- The node first, as in the indexes of customer_index. Texts before numbers.
create index customer_value_order on customer_value (node_id, workspace_id, property, number nulls first, text, record_id);

-- Where some are marked already, a rebuild makes the rows.
insert into job (workspace_id, id, kind, subject, state, input, revision, done, failed, attempts, requested_by, requested_at, due_at,
                 updated_at)
select h.workspace_id, gen_random_uuid(), 'rebuild', 'customersIndexed', 'waiting', '{}'::json, 0, 0, 0, 0, 'configuration', n.now, n.now, n.now
  from workspace w
  join workspace_head h on h.workspace_id = w.id
 cross join (select date_trunc('milliseconds', now()) as now) n
 where jsonb_path_exists(w.settings #> '{dialects,contacthub,extendedProperties}', '$.**.indexed ? (@ == true)')
on conflict (workspace_id, kind, subject) where state in ('waiting', 'running')
   do update set revision = job.revision + 1, cursor = null, done = 0, total = null;
