-- What events show of extended properties that are marked as indexed, where it is a number or a text: what customers did is found by it
-- (src/dialects/contacthub/projection/event-values). All of it follows from the events.
create table event_value (
  workspace_id integer not null,
  profile_id uuid not null,
  event_id uuid not null,
  type_id integer not null,
  -- A number that stands for its path: names are long.
  property bigint not null,
  -- Of the value where there are several, as in the lines of an order; from 1.
  place integer not null,
  number numeric,
  -- The first 500 characters, which an entry of the index has room for.
  text text collate "C",
  primary key (workspace_id, profile_id, event_id, property, place)
);
create index event_value_order on event_value (workspace_id, type_id, property, number nulls first, text, profile_id);

-- Where some are marked already, a rebuild makes the rows.
insert into job (workspace_id, id, kind, subject, state, input, revision, done, failed, attempts, requested_by, requested_at, due_at,
                 updated_at)
select h.workspace_id, gen_random_uuid(), 'rebuild', 'eventsIndexed', 'waiting', '{}'::json, 0, 0, 0, 0, 'configuration', n.now, n.now, n.now
  from workspace w
  join workspace_head h on h.workspace_id = w.id
 cross join (select date_trunc('milliseconds', now()) as now) n
 where jsonb_path_exists(w.settings #> '{dialects,contacthub}', '$.events.**.indexed ? (@ == true)')
    or jsonb_path_exists(w.settings #> '{dialects,contacthub}', '$.products.extended.**.indexed ? (@ == true)')
on conflict (workspace_id, kind, subject) where state in ('waiting', 'running')
   do update set revision = job.revision + 1, cursor = null, done = 0, total = null;
