-- The id of an aggregate's customer stays while it has a part left, whatever that one's values are by then. So each known profile of an entry
-- node brings an id along (src/dialects/contacthub/aggregate/pass-on.ts): these ids are facts, which a rebuild reads; the rest of the table
-- follows from the profiles. alike: what the profile's record has alike with others, own: what the profile alone would have; since: how old
-- the id is. Customers keep the ids that they have: the oldest profile of the oldest part brings it along.
alter table aggregate_part add column profile_id uuid;
alter table aggregate_part add column alike uuid;
alter table aggregate_part add column own uuid;
alter table aggregate_part add column since bigint;
alter table aggregate_part drop constraint aggregate_part_pkey;
drop index aggregate_part_customer;

insert into aggregate_part (workspace_id, profile_id, node_id, record_id, created_seq, alike, own, since, customer_id)
select l.workspace_id, l.profile_id, l.node_id, l.record_id, l.created_seq, l.customer_id,
       case when l.profiles = 1 then l.customer_id end, l.since,
       case when l.place = 1 then l.customer_id else md5(concat('aggregate_part ', l.node_id, ' ', l.profile_id))::uuid end
  from (select a.workspace_id, p.id as profile_id, a.node_id, a.record_id, a.created_seq, a.customer_id, p.created_seq as since,
               count(*) over (partition by a.workspace_id, a.node_id, a.record_id) as profiles,
               row_number() over (partition by a.workspace_id, a.customer_id order by a.created_seq, p.created_seq) as place
          from aggregate_part a
          join profile p on p.workspace_id = a.workspace_id and p.record_id = a.record_id and not p.anonymous and p.deleted_at is null
         where a.profile_id is null) l;
delete from aggregate_part where profile_id is null;

alter table aggregate_part alter column profile_id set not null;
alter table aggregate_part alter column since set not null;
alter table aggregate_part add primary key (workspace_id, profile_id, node_id);
create index aggregate_part_alike on aggregate_part (workspace_id, alike, since);
create index aggregate_part_own on aggregate_part (workspace_id, own) where own is distinct from alike;

alter table aggregate_customer add column alike uuid;
update aggregate_customer set alike = id where alike is null;
alter table aggregate_customer alter column alike set not null;
create index aggregate_customer_alike on aggregate_customer (workspace_id, alike);

-- What profiles of merged records have alone, a rebuild works out.
insert into job (workspace_id, id, kind, subject, state, input, revision, done, failed, attempts, requested_by, requested_at, due_at,
                 updated_at)
select h.workspace_id, md5(concat('aggregateParts ', h.workspace_id, ' ', n.now))::uuid, 'rebuild', 'aggregateParts', 'waiting', '{}'::json,
       0, 0, 0, 0, 'configuration', n.now, n.now, n.now
  from workspace_head h
 cross join (select date_trunc('milliseconds', now()) as now) n
 where exists (select from aggregate_part a where a.workspace_id = h.workspace_id and a.own is null)
on conflict (workspace_id, kind, subject) where state in ('waiting', 'running')
   do update set revision = job.revision + 1, cursor = null, done = 0, total = null;
